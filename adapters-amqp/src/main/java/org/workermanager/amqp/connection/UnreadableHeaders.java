package org.workermanager.amqp.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.workermanager.amqp.wire.WireNames;

/**
 * Reads frames, and replaces a message's headers that the client cannot read by one that says so.
 *
 * <p>Brokers deliver headers nested as deep as they come, and of types that the client does not
 * know. It takes them for a broken connection, and closes it: the message would come again, for
 * ever, and everything behind it never. This way it can be set aside.
 *
 * <p>So the headers of each message are read twice. That takes a microsecond or two, and only the
 * client itself knows what it cannot read.
 */
final class UnreadableHeaders extends FilteredFrames {

  /** Class, weight and size of the body: what comes before the properties. */
  private static final int BEFORE_PROPERTIES = 12;

  private static final int HEADERS_ALONE = 1 << 13;

  UnreadableHeaders(FrameHandler frames) {
    super(frames);
  }

  @Override
  public Frame readFrame() throws IOException {
    Frame frame = super.readFrame();
    if (frame != null && frame.getType() == AMQP.FRAME_HEADER) {
      try {
        AMQImpl.readContentHeaderFrom(frame.getInputStream());
      } catch (IOException | RuntimeException e) {
        return readable(frame, Objects.requireNonNullElse(e.getMessage(), "they end too early"));
      }
    }
    return frame;
  }

  private static Frame readable(Frame frame, String reason) throws IOException {
    Frame replaced = new Frame(AMQP.FRAME_HEADER, frame.getChannel());
    byte[] name = WireNames.UNREADABLE_HEADERS.getBytes(StandardCharsets.UTF_8);
    byte[] value = reason.getBytes(StandardCharsets.UTF_8);
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
