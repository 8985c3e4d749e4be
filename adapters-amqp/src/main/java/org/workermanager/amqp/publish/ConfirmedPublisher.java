package org.workermanager.amqp.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.MessageWriter;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.response.Response;

/**
 * Publishes on whatever connection there is, each batch on a channel of its own for the time being,
 * and waits for the broker's confirmations. While the broker takes no messages, being short of
 * memory or disk space, every method waits until it does. Thread-safe.
 */
public final class ConfirmedPublisher implements Publisher {

  /** A connection and what has been made on it. */
  private record Link(
      Connection connection,
      Queue<ConfirmChannel> idle,
      Set<String> declaredWorkers,
      Blockage blockage) {

    static Link over(Connection connection) {
      return new Link(
          connection,
          new ConcurrentLinkedQueue<>(),
          ConcurrentHashMap.newKeySet(),
          Blockage.of(connection));
    }
  }

  /** Something to publish, and the message it makes. */
  private record Item<T>(T item, OutgoingMessage message) {}

  /** After these nothing more comes about a message. */
  private static final Set<ConfirmChannel.Outcome> REUSABLE =
      Set.of(ConfirmChannel.Outcome.CONFIRMED, ConfirmChannel.Outcome.RETURNED);

  /** A queue that the broker does not let us look at. */
  private static final QueueState HIDDEN = new QueueState(0, 1);

  private final MessageWriter writer;
  private final SetAsideWriter setAside;
  private final Topology topology;
  private final Duration timeout;
  private volatile Link link;

  /**
   * @param topology declares the queues of workers, and what is found missing
   * @param timeout how long to wait for the broker's confirmations while it takes messages
   */
  public ConfirmedPublisher(
      MessageWriter writer, SetAsideWriter setAside, Topology topology, Duration timeout) {
    this.writer = writer;
    this.setAside = setAside;
    this.topology = topology;
    this.timeout = timeout;
  }

  /** Publishes on this connection from now on; null while there is none. */
  public void use(Connection connection) {
    link = connection == null ? null : Link.over(connection);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is refused, because a requester's queue is full, say, is set aside: that requester has
   * not got it.
   */
  @Override
  public List<Refused<Response>> respond(List<Response> responses, BooleanSupplier allowed) {
    List<Refused<Response>> refused = publish(current(), responses, writer::response, allowed);
    publish(
        refused.stream()
            .map(no -> setAside.setAside(writer.response(no.message()), no.reason(), frameMax()))
            .toList());
    return refused;
  }

  @Override
  public List<Refused<HeldRequest>> dispatch(List<HeldRequest> requests, BooleanSupplier allowed) {
    Link current = current();
    Map<String, String> undeclared = declareWorkers(current, requests);
    List<HeldRequest> declared =
        requests.stream().filter(held -> !undeclared.containsKey(queue(held))).toList();
    List<Refused<HeldRequest>> refused =
        new ArrayList<>(publish(current, declared, writer::dispatch, allowed));
    for (HeldRequest held : requests) {
      if (undeclared.containsKey(queue(held))) {
        refused.add(new Refused<>(held, undeclared.get(queue(held))));
      }
    }
    return refused;
  }

  private static String queue(HeldRequest held) {
    return WireNames.workerRequests(held.request().state().workerType());
  }

  @Override
  public QueueState workerQueue(String workerType) {
    try (Channel channel = Channels.open(current().connection())) {
      AMQP.Queue.DeclareOk queue =
          channel.queueDeclarePassive(WireNames.workerRequests(workerType));
      return new QueueState(queue.getMessageCount(), queue.getConsumerCount());
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      if (AmqpErrors.channelCloseCode(e) == AMQP.NOT_FOUND) {
        return QueueState.EMPTY;
      }
      if (AmqpErrors.isChannelError(e)) {
        // it is somebody's, who may have what was in it
        return HIDDEN;
      }
      throw unavailable(e);
    }
  }

  /**
   * Publishes messages that are not the domain's.
   *
   * @throws BrokerUnavailableException as {@link Publisher} does
   * @return those that the broker will not take
   */
  public List<Refused<OutgoingMessage>> publish(List<OutgoingMessage> messages) {
    return publish(current(), messages, message -> message, () -> true);
  }

  /**
   * Returns when the broker takes messages.
   *
   * @throws BrokerUnavailableException when there is no connection
   */
  public void awaitReady() {
    current();
  }

  /** The largest frame the broker takes, in bytes; 0 for any. */
  public int frameMax() {
    return current().connection().getFrameMax();
  }

  private Link current() {
    Link current = link;
    if (current == null) {
      throw new BrokerUnavailableException("There is no connection to the broker", null);
    }
    try {
      current.blockage().awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
    return current;
  }

  /**
   * @return the queues that the broker does not let us declare, and why
   */
  private Map<String, String> declareWorkers(Link current, List<HeldRequest> requests) {
    Map<String, String> undeclared = new HashMap<>();
    for (String queue : requests.stream().map(ConfirmedPublisher::queue).distinct().toList()) {
      if (!current.declaredWorkers().contains(queue)) {
        try {
          topology.declareWorkerRequests(current.connection(), queue);
          current.declaredWorkers().add(queue);
        } catch (IOException | RuntimeException e) {
          if (!AmqpErrors.isChannelError(e)) {
            throw unavailable(e);
          }
          undeclared.put(queue, "Its queue cannot be declared: " + AmqpErrors.describe(e));
        }
      }
    }
    return undeclared;
  }

  /** Each exchange by itself: what is wrong with one of them is no trouble of the others. */
  private <T> List<Refused<T>> publish(
      Link current, List<T> items, Function<T, OutgoingMessage> write, BooleanSupplier allowed) {
    Map<String, List<Item<T>>> byExchange = new LinkedHashMap<>();
    for (T item : items) {
      OutgoingMessage message = write.apply(item);
      byExchange
          .computeIfAbsent(message.exchange(), exchange -> new ArrayList<>())
          .add(new Item<>(item, message));
    }
    List<Refused<T>> refused = new ArrayList<>();
    byExchange.forEach((exchange, batch) -> publishTo(exchange, current, batch, allowed, refused));
    return refused;
  }

  /**
   * What does not come through is published once more, after what it goes to was declared again.
   * When the channel is closed over one of them, they are published singly, to find that one.
   */
  private <T> void publishTo(
      String exchange,
      Link current,
      List<Item<T>> batch,
      BooleanSupplier allowed,
      List<Refused<T>> refused) {
    List<Item<T>> left = publishOnce(current, batch, allowed, refused, false);
    if (!left.isEmpty()) {
      declareAgain(current, exchange);
      left = publishOnce(current, left, allowed, refused, true);
    }
    left.forEach(item -> publishOnce(current, List.of(item), allowed, refused, true));
  }

  /**
   * @param declaredAgain whether what comes back is refused for good
   * @return those to be published again
   */
  private <T> List<Item<T>> publishOnce(
      Link current,
      List<Item<T>> batch,
      BooleanSupplier allowed,
      List<Refused<T>> refused,
      boolean declaredAgain) {
    ConfirmChannel.Published published = publish(current, batch, allowed);
    if (published.failure() != null && !AmqpErrors.isChannelError(published.failure())) {
      // the connection is lost, or the broker does not answer: no message's fault
      throw unavailable(published.failure());
    }
    List<Item<T>> left = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Item<T> item = batch.get(i);
      switch (published.outcomes().get(i)) {
        case CONFIRMED -> {}
        case TOO_BIG -> refuse(item, "Its headers do not fit into a frame.", refused);
        case RETURNED, REFUSED -> {
          // some brokers refuse what they give back, instead of confirming it
          if (declaredAgain || !item.message().mandatory()) {
            refuse(item, "No queue takes it, or one it goes to is full or failing.", refused);
          } else {
            left.add(item);
          }
        }
        case UNKNOWN -> {
          if (declaredAgain && batch.size() == 1) {
            refuse(
                item,
                "The broker refused it: " + AmqpErrors.describe(published.failure()),
                refused);
          } else {
            left.add(item);
          }
        }
      }
    }
    return left;
  }

  private static <T> void refuse(Item<T> item, String reason, List<Refused<T>> refused) {
    refused.add(new Refused<>(item.item(), reason));
  }

  private <T> ConfirmChannel.Published publish(
      Link current, List<Item<T>> batch, BooleanSupplier allowed) {
    ConfirmChannel channel = current.idle().poll();
    try {
      if (channel == null || !channel.isOpen()) {
        channel = new ConfirmChannel(current.connection(), current.blockage());
      }
    } catch (IOException | ShutdownSignalException e) {
      throw unavailable(e);
    }
    List<OutgoingMessage> messages = batch.stream().map(Item::message).toList();
    ConfirmChannel.Published published = channel.publish(messages, allowed, timeout.toNanos());
    if (published.outcomes().stream().allMatch(REUSABLE::contains)) {
      current.idle().add(channel);
    } else {
      // what is given back may still come, and must not be taken for a later message
      channel.close();
    }
    return published;
  }

  private void declareAgain(Link current, String exchange) {
    try {
      topology.declareAgain(current.connection(), exchange);
    } catch (IOException | RuntimeException e) {
      throw unavailable(e);
    }
  }

  private static BrokerUnavailableException unavailable(Exception cause) {
    String what = AmqpErrors.describe(cause);
    boolean answers = cause instanceof ConfirmChannel.NotAllowedException;
    return new BrokerUnavailableException(
        answers ? what : "The broker does not answer: " + what, cause);
  }
}
