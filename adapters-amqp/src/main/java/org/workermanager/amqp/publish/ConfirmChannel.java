package org.workermanager.amqp.publish;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.WireNames;

/**
 * A channel on which messages are published and confirmed, many in flight. For one thread at a
 * time.
 */
final class ConfirmChannel implements ConfirmListener {

  /** What the broker did with a message. */
  enum Outcome {
    CONFIRMED,
    RETURNED,
    REFUSED
  }

  private final Channel channel;

  /** The unconfirmed messages by sequence number, as their index; guarded by this, as all below. */
  private final NavigableMap<Long, Integer> unconfirmed = new TreeMap<>();

  private List<OutgoingMessage> messages = List.of();
  private Outcome[] outcomes = {};
  private ShutdownSignalException closed;

  ConfirmChannel(Connection connection) throws IOException {
    channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("The broker allows no more channels on this connection");
    }
    channel.confirmSelect();
    channel.addConfirmListener(this);
    channel.addReturnListener(this::returned);
    channel.addShutdownListener(this::shutDown);
  }

  /**
   * Publishes these and waits for the broker's answers.
   *
   * @return what became of each
   * @throws IOException when the channel or the connection is lost, or the broker does not answer
   *     in time
   */
  List<Outcome> publish(List<OutgoingMessage> batch, long timeoutNanos, LongSupplier nanoClock)
      throws IOException {
    synchronized (this) {
      messages = batch;
      outcomes = new Outcome[batch.size()];
      unconfirmed.clear();
    }
    try {
      for (int i = 0; i < batch.size(); i++) {
        OutgoingMessage message = batch.get(i);
        synchronized (this) {
          unconfirmed.put(channel.getNextPublishSeqNo(), i);
        }
        channel.basicPublish(
            message.exchange(),
            message.routingKey(),
            message.mandatory(),
            message.properties(),
            message.body());
      }
    } catch (ShutdownSignalException e) {
      throw new IOException(e);
    }
    return awaitAll(nanoClock.getAsLong() + timeoutNanos, nanoClock);
  }

  private synchronized List<Outcome> awaitAll(long deadline, LongSupplier nanoClock)
      throws IOException {
    while (!unconfirmed.isEmpty()) {
      if (closed != null) {
        throw new IOException(closed);
      }
      long leftMillis = (deadline - nanoClock.getAsLong()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new IOException(
            "The broker did not confirm " + unconfirmed.size() + " messages in time");
      }
      try {
        wait(leftMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while waiting for the broker", e);
      }
    }
    return List.of(outcomes);
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
      outcomes[index] = outcomes[index] == null ? outcome : outcomes[index];
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
      if (outcomes[i] == null
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
