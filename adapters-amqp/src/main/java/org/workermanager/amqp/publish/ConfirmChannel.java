package org.workermanager.amqp.publish;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.WireNames;

/**
 * A channel on which messages are published and confirmed, many in flight. For one thread at a
 * time.
 */
final class ConfirmChannel implements ConfirmListener {

  /** What became of a message. */
  enum Outcome {
    /** Not known, or not published. */
    UNKNOWN,
    CONFIRMED,
    RETURNED,
    REFUSED,
    /** Its headers do not fit into a frame, so it cannot be published. */
    TOO_BIG
  }

  /**
   * What became of a batch.
   *
   * @param outcomes of each message
   * @param failure why some are not known; null if all are
   */
  record Published(List<Outcome> outcomes, IOException failure) {}

  /** It may not be published any more. */
  static final class NotAllowedException extends IOException {

    private static final long serialVersionUID = 1L;

    NotAllowedException() {
      super(
          "It took too long to publish, so that other instances may have begun to do it: see whether database, broker or this process are held up");
    }
  }

  private final Channel channel;
  private final Blockage blockage;

  /** The unconfirmed messages by sequence number, as their index; guarded by this, as all below. */
  private final NavigableMap<Long, Integer> unconfirmed = new TreeMap<>();

  private List<OutgoingMessage> messages = List.of();
  private Outcome[] outcomes = {};
  private ShutdownSignalException closed;

  /**
   * @param blockage the connection's: while there is one, nothing is published, and no time passes
   *     that the broker has to answer in
   */
  ConfirmChannel(Connection connection, Blockage blockage) throws IOException {
    this.blockage = blockage;
    channel = Channels.open(connection);
    channel.confirmSelect();
    channel.addConfirmListener(this);
    channel.addReturnListener(this::returned);
    channel.addShutdownListener(this::shutDown);
  }

  /**
   * Publishes these and waits for the broker's answers. The channel is of no more use when there is
   * a failure, or a message that is too big: then the ones after that are not published.
   *
   * @param allowed asked before each message; when it says no, that is a failure
   */
  Published publish(List<OutgoingMessage> batch, BooleanSupplier allowed, long timeoutNanos) {
    synchronized (this) {
      messages = batch;
      outcomes = new Outcome[batch.size()];
      Arrays.fill(outcomes, Outcome.UNKNOWN);
      unconfirmed.clear();
    }
    IOException failure = null;
    try {
      boolean usable = true;
      for (int i = 0; i < batch.size() && usable; i++) {
        // before asking: what may be published now may be others' to publish when it is over
        blockage.awaitEnd();
        if (!allowed.getAsBoolean()) {
          throw new NotAllowedException();
        }
        usable = publish(batch.get(i), i);
      }
      awaitAll(blockage.nanoTime() + timeoutNanos);
    } catch (IOException e) {
      failure = e;
    } catch (ShutdownSignalException e) {
      failure = new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = new IOException("Interrupted while waiting for the broker", e);
    }
    synchronized (this) {
      // a channel may wait long for its next batch, and need not hold on to the last one
      messages = List.of();
      return new Published(List.of(outcomes), failure);
    }
  }

  /**
   * @return whether it could be: if not, the broker's count of messages is not ours any more
   */
  private boolean publish(OutgoingMessage message, int index) throws IOException {
    long sequenceNumber = channel.getNextPublishSeqNo();
    synchronized (this) {
      unconfirmed.put(sequenceNumber, index);
    }
    try {
      message.publishOn(channel);
      return true;
    } catch (IllegalArgumentException e) {
      synchronized (this) {
        unconfirmed.remove(sequenceNumber);
        outcomes[index] = Outcome.TOO_BIG;
      }
      return false;
    }
  }

  private synchronized void awaitAll(long deadline) throws IOException, InterruptedException {
    while (!unconfirmed.isEmpty()) {
      if (closed != null) {
        throw new IOException(closed);
      }
      long leftMillis = (deadline - blockage.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new IOException(
            "The broker did not confirm " + unconfirmed.size() + " messages in time");
      }
      wait(leftMillis);
    }
  }

  @Override
  public void handleAck(long sequenceNumber, boolean multiple) {
    answered(sequenceNumber, multiple, Outcome.CONFIRMED);
  }

  @Override
  public void handleNack(long sequenceNumber, boolean multiple) {
    answered(sequenceNumber, multiple, Outcome.REFUSED);
  }

  private synchronized void answered(long sequenceNumber, boolean multiple, Outcome outcome) {
    NavigableMap<Long, Integer> answered =
        multiple
            ? unconfirmed.headMap(sequenceNumber, true)
            : unconfirmed.subMap(sequenceNumber, true, sequenceNumber, true);
    for (int index : answered.values()) {
      outcomes[index] = outcomes[index] == Outcome.UNKNOWN ? outcome : outcomes[index];
    }
    answered.clear();
    if (unconfirmed.isEmpty()) {
      notifyAll();
    }
  }

  /**
   * Comes before the confirmation of the same message, which it is recognised by its dispatch and
   * request in.
   */
  private synchronized void returned(Return message) {
    List<String> identity = identity(message.getProperties());
    for (int i = 0; i < messages.size(); i++) {
      if (outcomes[i] == Outcome.UNKNOWN
          && messages.get(i).exchange().equals(message.getExchange())
          && identity(messages.get(i).properties()).equals(identity)) {
        outcomes[i] = Outcome.RETURNED;
        return;
      }
    }
  }

  private static List<String> identity(BasicProperties properties) {
    List<String> identity = new ArrayList<>();
    for (String header : List.of(WireNames.TENANT, WireNames.REQUEST_ID, WireNames.DISPATCH)) {
      identity.add(Objects.toString(properties.getHeaders().get(header)));
    }
    return identity;
  }

  private synchronized void shutDown(ShutdownSignalException cause) {
    closed = cause;
    notifyAll();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  void close() {
    try {
      channel.abort();
    } catch (IOException e) {
      // it is gone: that is what was wanted
    }
  }
}
