package org.workermanager.amqp.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.workermanager.amqp.wire.WireNames;

/**
 * Reads frames, and replaces a message's headers that the client cannot read by one that says so.
 *
 * <p>Brokers deliver headers nested as deep as they come. The client takes more than 32 levels for
 * a broken connection, and closes it: the message would come again, for ever, and everything behind
 * it never. This way it can be set aside.
 */
final class UnreadableHeaders implements FrameHandler {

  private static final int NESTING_THAT_IS_FINE = 32;

  /** Class, weight and size of the body: what comes before the properties. */
  private static final int BEFORE_PROPERTIES = 12;

  private static final int HEADERS_ALONE = 1 << 13;

  private final FrameHandler frames;

  UnreadableHeaders(FrameHandler frames) {
    this.frames = frames;
  }

  @Override
  public Frame readFrame() throws IOException {
    Frame frame = frames.readFrame();
    if (frame != null && frame.getType() == AMQP.FRAME_HEADER && mayBeNestedDeeply(frame)) {
      try {
        AMQImpl.readContentHeaderFrom(frame.getInputStream());
      } catch (MalformedFrameException e) {
        return readable(frame, e.getMessage());
      }
    }
    return frame;
  }

  /** Each level has a type, F for a table or A for an array. */
  private static boolean mayBeNestedDeeply(Frame frame) {
    int levels = 0;
    for (byte b : frame.getPayload()) {
      levels += b == 'F' || b == 'A' ? 1 : 0;
    }
    return levels >= NESTING_THAT_IS_FINE;
  }

  private static Frame readable(Frame frame, String reason) throws IOException {
    Frame replaced = new Frame(AMQP.FRAME_HEADER, frame.getChannel());
    byte[] name = WireNames.UNREADABLE_HEADERS.getBytes(StandardCharsets.UTF_8);
    byte[] value = String.valueOf(reason).getBytes(StandardCharsets.UTF_8);
    DataOutputStream out = replaced.getOutputStream();
    out.write(frame.getPayload(), 0, BEFORE_PROPERTIES);
    out.writeShort(HEADERS_ALONE);
    out.writeInt(1 + name.length + 1 + 4 + value.length);
    out.writeByte(name.length);
    out.write(name);
    out.writeByte('S');
    out.writeInt(value.length);
    out.write(value);
    return replaced;
  }

  @Override
  public boolean internalHearbeat() {
    return frames.internalHearbeat();
  }

  @Override
  public void setTimeout(int timeoutMillis) throws SocketException {
    frames.setTimeout(timeoutMillis);
  }

  @Override
  public int getTimeout() throws SocketException {
    return frames.getTimeout();
  }

  @Override
  public void sendHeader() throws IOException {
    frames.sendHeader();
  }

  @Override
  public void initialize(AMQConnection connection) {
    frames.initialize(connection);
  }

  @Override
  public void startProcessing() {
    frames.startProcessing();
  }

  @Override
  public void finishConnectionNegotiation() {
    frames.finishConnectionNegotiation();
  }

  @Override
  public void setFrameMax(int frameMax) {
    frames.setFrameMax(frameMax);
  }

  @Override
  public void writeFrame(Frame frame) throws IOException {
    frames.writeFrame(frame);
  }

  @Override
  public void flush(WriteListener listener) throws IOException {
    frames.flush(listener);
  }

  @Override
  public void close() {
    frames.close();
  }

  @Override
  public InetAddress getLocalAddress() {
    return frames.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return frames.getLocalPort();
  }

  @Override
  public InetAddress getAddress() {
    return frames.getAddress();
  }

  @Override
  public int getPort() {
    return frames.getPort();
  }
}
