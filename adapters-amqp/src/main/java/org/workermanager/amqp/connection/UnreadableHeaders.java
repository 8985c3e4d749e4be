package org.workermanager.amqp.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.workermanager.amqp.wire.WireNames;

/**
 * Reads frames, and replaces a message's headers that the client cannot read by one that says so.
 *
 * <p>Brokers deliver headers nested as deep as they come. The client takes more than 32 levels for
 * a broken connection, and closes it: the message would come again, for ever, and everything behind
 * it never. This way it can be set aside.
 */
final class UnreadableHeaders extends FilteredFrames {

  private static final int NESTING_THAT_IS_FINE = 32;

  /** Class, weight and size of the body: what comes before the properties. */
  private static final int BEFORE_PROPERTIES = 12;

  private static final int HEADERS_ALONE = 1 << 13;

  UnreadableHeaders(FrameHandler frames) {
    super(frames);
  }

  @Override
  public Frame readFrame() throws IOException {
    Frame frame = super.readFrame();
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
}
