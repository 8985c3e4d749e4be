package org.workermanager.amqp.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the memory that a connection's deliveries take: while more than so many bytes wait to be
 * handled, nothing is read, and the broker has to wait. A prefetch bounds their number only.
 * Thread-safe.
 *
 * <p>A broker that cannot write for long, 30 s or so, cuts the connection: then all that was
 * delivered comes again. Handling that takes so long is about to fail anyway.
 */
public final class InboundLimit {

  private final long limit;
  private final Map<Integer, Share> shares = new HashMap<>();
  private long held;

  /**
   * @param limit how many bytes of message bodies; a single larger message is let through
   */
  public InboundLimit(long limit) {
    this.limit = limit;
  }

  /** What the deliveries of one channel hold of the whole. */
  public final class Share {

    private final int channel;
    private long mine;

    private Share(int channel) {
      this.channel = channel;
    }

    /** Bodies of so many bytes have been handled. */
    public void handled(long bytes) {
      change(-bytes);
    }

    /**
     * Whatever else is delivered on the channel will not be handled: it does not count any more.
     */
    public void close() {
      synchronized (InboundLimit.this) {
        change(-mine);
        shares.remove(channel, this);
      }
    }

    private void change(long bytes) {
      synchronized (InboundLimit.this) {
        if (shares.get(channel) == this) {
          mine += bytes;
          held += bytes;
          InboundLimit.this.notifyAll();
        }
      }
    }
  }

  /** From now on the deliveries of this channel count. */
  public synchronized Share share(int channelNumber) {
    Share share = new Share(channelNumber);
    shares.put(channelNumber, share);
    return share;
  }

  private synchronized void awaitRoom() throws InterruptedIOException {
    while (held > limit) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while there was no room for more");
      }
    }
  }

  private synchronized void arrived(int channel, long bytes) {
    Share share = shares.get(channel);
    if (share != null) {
      share.change(bytes);
    }
  }

  /** These frames, read only while there is room. */
  FrameHandler over(FrameHandler frames) {
    return new LimitedFrames(frames);
  }

  /** A message counts when it is complete: to wait in the middle of one might be for ever. */
  private final class LimitedFrames extends FilteredFrames {

    /** Where in a content header the size of the body is. */
    private static final int BODY_SIZE_OFFSET = 4;

    private record Incomplete(long size, long left) {}

    /** By channel. Only ever one thread reads. */
    private final Map<Integer, Incomplete> incomplete = new HashMap<>();

    LimitedFrames(FrameHandler frames) {
      super(frames);
    }

    @Override
    public Frame readFrame() throws IOException {
      awaitRoom();
      Frame frame = super.readFrame();
      if (frame != null && frame.getType() == AMQP.FRAME_HEADER) {
        long size = ByteBuffer.wrap(frame.getPayload()).getLong(BODY_SIZE_OFFSET);
        incomplete.put(frame.getChannel(), new Incomplete(size, size));
      } else if (frame != null && frame.getType() == AMQP.FRAME_BODY) {
        bodyPart(frame.getChannel(), frame.getPayload().length);
      }
      return frame;
    }

    private void bodyPart(int channel, int length) {
      incomplete.computeIfPresent(
          channel,
          (number, message) -> {
            if (message.left() <= length) {
              arrived(channel, message.size());
              return null;
            }
            return new Incomplete(message.size(), message.left() - length);
          });
    }
  }
}
