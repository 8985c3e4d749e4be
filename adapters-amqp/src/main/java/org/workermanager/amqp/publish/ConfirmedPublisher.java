package org.workermanager.amqp.publish;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.MessageWriter;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.response.Response;

/**
 * Publishes on whatever connection there is, each batch on a channel of its own for the time being,
 * and waits for the broker's confirmations. Thread-safe.
 */
public final class ConfirmedPublisher implements Publisher {

  /** A connection and what has been made on it. */
  private record Link(
      Connection connection, Queue<ConfirmChannel> idle, Set<String> declaredWorkers) {}

  private final MessageWriter writer;
  private final Topology topology;
  private final Duration timeout;
  private volatile Link link;
  private volatile String blocked;

  /**
   * @param topology declares the queues of workers, and what is found missing
   * @param timeout how long to wait for the broker's confirmations
   */
  public ConfirmedPublisher(MessageWriter writer, Topology topology, Duration timeout) {
    this.writer = writer;
    this.topology = topology;
    this.timeout = timeout;
  }

  /** Publishes on this connection from now on; null while there is none. */
  public void use(Connection connection) {
    if (connection != null) {
      connection.addBlockedListener(reason -> blocked = reason, () -> blocked = null);
    }
    blocked = null;
    link =
        connection == null
            ? null
            : new Link(connection, new ConcurrentLinkedQueue<>(), ConcurrentHashMap.newKeySet());
  }

  @Override
  public List<Refused<Response>> respond(List<Response> responses) {
    return publish(current(), responses, writer::response);
  }

  @Override
  public List<Refused<HeldRequest>> dispatch(List<HeldRequest> requests) {
    Link current = current();
    declareWorkers(current, requests);
    return publish(current, requests, writer::dispatch);
  }

  /**
   * Publishes messages that are not the domain's.
   *
   * @throws BrokerUnavailableException as {@link Publisher} does
   * @return those that the broker will not take
   */
  public List<Refused<OutgoingMessage>> publish(List<OutgoingMessage> messages) {
    return publish(current(), messages, message -> message);
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
    if (blocked != null) {
      throw new BrokerUnavailableException(
          "The broker takes no messages for now: " + blocked, null);
    }
    return current;
  }

  private void declareWorkers(Link current, List<HeldRequest> requests) {
    for (HeldRequest held : requests) {
      String name = WireNames.workerRequests(held.request().state().workerType());
      if (!current.declaredWorkers().contains(name)) {
        try {
          topology.declareWorkerRequests(current.connection(), name);
        } catch (IOException | RuntimeException e) {
          throw unavailable(e);
        }
        current.declaredWorkers().add(name);
      }
    }
  }

  private <T> List<Refused<T>> publish(
      Link current, List<T> items, Function<T, OutgoingMessage> write) {
    List<Refused<T>> refused = new ArrayList<>();
    if (!items.isEmpty()) {
      publish(current, items, write, true, refused);
    }
    return refused;
  }

  /**
   * @param again whether messages that come back are tried once more, after their queue was
   *     declared again
   */
  private <T> void publish(
      Link current,
      List<T> items,
      Function<T, OutgoingMessage> write,
      boolean again,
      List<Refused<T>> refused) {
    List<OutgoingMessage> messages = items.stream().map(write).toList();
    List<ConfirmChannel.Outcome> outcomes;
    try {
      outcomes = publishOnce(current, messages);
    } catch (IOException | IllegalArgumentException e) {
      if (!current.connection().isOpen()) {
        throw unavailable(e);
      }
      oneByOne(current, items, write, again, refused, e);
      return;
    }
    List<T> unroutable = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      // some brokers refuse what they give back, instead of confirming it
      boolean maybeUnroutable =
          outcomes.get(i) != ConfirmChannel.Outcome.CONFIRMED && messages.get(i).mandatory();
      if (maybeUnroutable && again) {
        unroutable.add(items.get(i));
      } else if (outcomes.get(i) == ConfirmChannel.Outcome.RETURNED) {
        refused.add(new Refused<>(items.get(i), "No queue takes it."));
      } else if (outcomes.get(i) == ConfirmChannel.Outcome.REFUSED) {
        refused.add(
            new Refused<>(
                items.get(i), "The broker refused it: a queue it goes to is full or failing."));
      }
    }
    if (!unroutable.isEmpty()) {
      declareAgain(current, unroutable.stream().map(write).toList());
      publish(current, unroutable, write, false, refused);
    }
  }

  /**
   * The broker closed the channel, though not the connection: one of the messages is to blame, or
   * its exchange, which may be gone. A time-out is nobody's fault and is passed on.
   */
  private <T> void oneByOne(
      Link current,
      List<T> items,
      Function<T, OutgoingMessage> write,
      boolean again,
      List<Refused<T>> refused,
      Exception cause) {
    boolean onesFault =
        cause instanceof IllegalArgumentException || AmqpErrors.isChannelError(cause);
    if (!onesFault) {
      throw unavailable(cause);
    }
    if (items.size() > 1) {
      items.forEach(item -> publish(current, List.of(item), write, again, refused));
    } else if (again) {
      declareAgain(current, items.stream().map(write).toList());
      publish(current, items, write, false, refused);
    } else {
      refused.add(
          new Refused<>(items.get(0), "The broker refused it: " + AmqpErrors.describe(cause)));
    }
  }

  private List<ConfirmChannel.Outcome> publishOnce(Link current, List<OutgoingMessage> messages)
      throws IOException {
    ConfirmChannel channel = current.idle().poll();
    try {
      if (channel == null || !channel.isOpen()) {
        channel = new ConfirmChannel(current.connection());
      }
      List<ConfirmChannel.Outcome> outcomes =
          channel.publish(messages, timeout.toNanos(), System::nanoTime);
      if (outcomes.contains(ConfirmChannel.Outcome.REFUSED)) {
        // what is given back may still come, and must not be taken for a later message
        channel.close();
      } else {
        current.idle().add(channel);
      }
      return outcomes;
    } catch (ShutdownSignalException e) {
      throw new IOException(e);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  private void declareAgain(Link current, List<OutgoingMessage> messages) {
    try {
      for (String exchange : messages.stream().map(OutgoingMessage::exchange).distinct().toList()) {
        topology.declareAgain(current.connection(), exchange);
      }
    } catch (IOException | RuntimeException e) {
      throw unavailable(e);
    }
  }

  private static BrokerUnavailableException unavailable(Exception cause) {
    return new BrokerUnavailableException(
        "The broker does not answer: " + AmqpErrors.describe(cause), cause);
  }
}
