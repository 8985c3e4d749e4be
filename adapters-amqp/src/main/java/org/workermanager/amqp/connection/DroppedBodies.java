package org.workermanager.amqp.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.workermanager.amqp.wire.WireNames;

/**
 * Reads frames, and leaves out bodies that are too large, so that such a message arrives without
 * one and with a header that says so.
 *
 * <p>The client would put it together first. One that does not fit into memory would cost the
 * connection, and come again, for ever.
 */
final class DroppedBodies extends FilteredFrames {

  /** Where in a content header the size of the body is. */
  private static final int BODY_SIZE_OFFSET = 4;

  private final long largest;

  /** What is still to come of bodies that are left out, by channel. Only ever one thread reads. */
  private final Map<Integer, Long> left = new HashMap<>();

  /**
   * @param frames whose headers can all be read
   * @param largest body, in bytes
   */
  DroppedBodies(FrameHandler frames, long largest) {
    super(frames);
    this.largest = largest;
  }

  @Override
  public Frame readFrame() throws IOException {
    Frame frame = super.readFrame();
    while (frame != null && isDropped(frame)) {
      frame = super.readFrame();
    }
    if (frame != null && frame.getType() == AMQP.FRAME_HEADER) {
      long size = ByteBuffer.wrap(frame.getPayload()).getLong(BODY_SIZE_OFFSET);
      if (size > largest) {
        left.put(frame.getChannel(), size);
        return withoutBody(frame, size);
      }
    }
    return frame;
  }

  private boolean isDropped(Frame frame) {
    if (frame.getType() != AMQP.FRAME_BODY || !left.containsKey(frame.getChannel())) {
      return false;
    }
    left.computeIfPresent(
        frame.getChannel(),
        (channel, bytes) -> {
          long rest = bytes - frame.getPayload().length;
          return rest > 0 ? rest : null;
        });
    return true;
  }

  private static Frame withoutBody(Frame frame, long size) throws IOException {
    BasicProperties properties =
        (BasicProperties) AMQImpl.readContentHeaderFrom(frame.getInputStream());
    Map<String, Object> headers = new HashMap<>();
    if (properties.getHeaders() != null) {
      headers.putAll(properties.getHeaders());
    }
    headers.put(WireNames.DROPPED_BODY, size);
    return properties.builder().headers(headers).build().toFrame(frame.getChannel(), 0);
  }
}
