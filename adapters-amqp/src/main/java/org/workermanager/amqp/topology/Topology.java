package org.workermanager.amqp.topology;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.connection.QueueArgument;
import org.workermanager.amqp.connection.QueueArgument.Kind;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.amqp.wire.WireNames;

/**
 * Declares exchanges, queues and bindings (PROTOCOL section 1). What exists with other properties
 * is used as it is. Immutable.
 */
public final class Topology {

  private static final Logger LOG = LoggerFactory.getLogger(Topology.class);

  /** Enough for an urgent request to overtake a backlog; more makes a queue slow. */
  private static final int REQUEST_QUEUE_PRIORITIES = 10;

  /** What existing workers declare their queue with. */
  private static final int WORKER_QUEUE_PRIORITIES = 255;

  @FunctionalInterface
  private interface Declaration {
    void on(Channel channel) throws IOException;
  }

  /** With the protocol's own arguments. */
  public static final Topology USUAL = new Topology(List.of());

  private final List<QueueArgument> changes;

  /**
   * @param changes to the protocol's arguments, in this order
   */
  public Topology(List<QueueArgument> changes) {
    this.changes = List.copyOf(changes);
  }

  /** All that a manager instance needs before it consumes. */
  public void declareForManager(Connection connection, String instance, Duration heartbeatExpiry)
      throws IOException {
    declareDeadLetters(connection);

    exchange(connection, WireNames.REQUEST_DEAD_LETTERS, BuiltinExchangeType.FANOUT);
    queue(
        connection,
        WireNames.REQUEST_DEAD_LETTERS,
        false,
        changed(Kind.DEAD_LETTERS, new HashMap<>()));
    bind(connection, WireNames.REQUEST_DEAD_LETTERS, WireNames.REQUEST_DEAD_LETTERS, "");
    // without this nothing that the broker itself dead-letters would arrive
    bind(
        connection,
        WireNames.REQUEST_DEAD_LETTERS,
        WireNames.DEAD_LETTER_EXCHANGE,
        WireNames.REQUEST_DEAD_LETTERS);

    declareRequests(connection);
    exchange(connection, WireNames.RESPONSE_EXCHANGE, BuiltinExchangeType.FANOUT);

    exchange(connection, WireNames.REPLY_EXCHANGE, BuiltinExchangeType.TOPIC);
    Map<String, Object> replies = deadLettering(WireNames.DEAD_LETTER_QUEUE);
    queue(connection, WireNames.REPLY_QUEUE, false, changed(Kind.REPLIES, replies));
    bind(connection, WireNames.REPLY_QUEUE, WireNames.REPLY_EXCHANGE, WireNames.ANY);

    exchange(connection, WireNames.HEARTBEAT_EXCHANGE, BuiltinExchangeType.TOPIC);
    String heartbeats = WireNames.heartbeatQueue(instance);
    Map<String, Object> arguments = deadLettering(WireNames.DEAD_LETTER_QUEUE);
    arguments.put("x-message-ttl", heartbeatExpiry.toMillis());
    queue(connection, heartbeats, true, changed(Kind.HEARTBEATS, arguments));
    bind(connection, heartbeats, WireNames.HEARTBEAT_EXCHANGE, WireNames.ANY);
  }

  /** Where goes what cannot be processed. */
  public static void declareDeadLetters(Connection connection) throws IOException {
    exchange(connection, WireNames.DEAD_LETTER_EXCHANGE, BuiltinExchangeType.TOPIC);
    queue(connection, WireNames.DEAD_LETTER_QUEUE, false, Map.of());
    bind(
        connection,
        WireNames.DEAD_LETTER_QUEUE,
        WireNames.DEAD_LETTER_EXCHANGE,
        WireNames.DEAD_LETTER_QUEUE);
  }

  /**
   * The exchange of this name that the manager publishes to, after it was found missing, and the
   * queue behind it.
   */
  public void declareAgain(Connection connection, String exchange) throws IOException {
    if (exchange.equals(WireNames.DEAD_LETTER_EXCHANGE)) {
      declareDeadLetters(connection);
    } else if (exchange.equals(WireNames.RESPONSE_EXCHANGE)) {
      exchange(connection, exchange, BuiltinExchangeType.FANOUT);
    } else {
      declareWorkerRequests(connection, exchange);
    }
  }

  /**
   * Where requesters publish, with the manager's queue, so that no request is lost before a manager
   * first starts.
   */
  public void declareRequests(Connection connection) throws IOException {
    exchange(connection, WireNames.REQUEST_EXCHANGE, BuiltinExchangeType.FANOUT);
    Map<String, Object> arguments = deadLettering(WireNames.DEAD_LETTER_QUEUE);
    arguments.put("x-max-priority", REQUEST_QUEUE_PRIORITIES);
    queue(connection, WireNames.REQUEST_QUEUE, false, changed(Kind.REQUESTS, arguments));
    bind(connection, WireNames.REQUEST_QUEUE, WireNames.REQUEST_EXCHANGE, "");
  }

  /**
   * The exchange and queue of this name for requests to workers, with just the properties that
   * existing workers declare them with.
   */
  public void declareWorkerRequests(Connection connection, String name) throws IOException {
    exchange(connection, name, BuiltinExchangeType.TOPIC);
    Map<String, Object> arguments = deadLettering(WireNames.REQUEST_DEAD_LETTERS);
    arguments.put("x-max-priority", WORKER_QUEUE_PRIORITIES);
    queue(connection, name, false, changed(Kind.WORKERS, arguments));
    bind(connection, name, name, WireNames.ANY);
  }

  /** Where workers publish heartbeats and replies, and their requests go that fail. */
  public void declareForWorker(Connection connection, String workerType) throws IOException {
    exchange(connection, WireNames.HEARTBEAT_EXCHANGE, BuiltinExchangeType.TOPIC);
    exchange(connection, WireNames.REPLY_EXCHANGE, BuiltinExchangeType.TOPIC);
    exchange(connection, WireNames.DEAD_LETTER_EXCHANGE, BuiltinExchangeType.TOPIC);
    declareWorkerRequests(connection, WireNames.workerRequests(workerType));
  }

  /**
   * Returns if all these queues are there.
   *
   * @throws IOException if one is missing
   */
  public static void requireQueues(Connection connection, List<String> queues) throws IOException {
    onChannel(
        connection,
        channel -> {
          for (String queue : queues) {
            channel.queueDeclarePassive(queue);
          }
        });
  }

  /** The exchange of responses, and a requester's own queue on it. */
  public static void declareResponses(Connection connection, String queue) throws IOException {
    exchange(connection, WireNames.RESPONSE_EXCHANGE, BuiltinExchangeType.FANOUT);
    queue(connection, queue, false, Map.of());
    bind(connection, queue, WireNames.RESPONSE_EXCHANGE, "");
  }

  /**
   * The exchange of responses, and a queue on it that goes with the connection.
   *
   * @return the queue's name
   */
  public static String declareTemporaryResponses(Connection connection) throws IOException {
    exchange(connection, WireNames.RESPONSE_EXCHANGE, BuiltinExchangeType.FANOUT);
    String queue = WireNames.RESPONSE_EXCHANGE + "." + UUID.randomUUID();
    onChannel(connection, channel -> channel.queueDeclare(queue, false, true, true, Map.of()));
    bind(connection, queue, WireNames.RESPONSE_EXCHANGE, "");
    return queue;
  }

  private Map<String, Object> changed(Kind kind, Map<String, Object> usual) {
    changes.stream()
        .filter(change -> change.queues() == kind)
        .forEach(change -> change.applyTo(usual));
    return usual;
  }

  private static Map<String, Object> deadLettering(String routingKey) {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-dead-letter-exchange", WireNames.DEAD_LETTER_EXCHANGE);
    arguments.put("x-dead-letter-routing-key", routingKey);
    return arguments;
  }

  private static void exchange(Connection connection, String name, BuiltinExchangeType type)
      throws IOException {
    Declaration asItIs = channel -> channel.exchangeDeclarePassive(name);
    // it would close the connection, not just the channel, over another type
    if (EmbeddedBroker.isBehind(connection) && exists(connection, asItIs)) {
      return;
    }
    Declaration asWanted = channel -> channel.exchangeDeclare(name, type, true);
    declare(connection, "Exchange " + name, asWanted, asItIs);
  }

  private static void queue(
      Connection connection, String name, boolean autoDelete, Map<String, Object> arguments)
      throws IOException {
    declare(
        connection,
        "Queue " + name,
        channel -> channel.queueDeclare(name, true, false, autoDelete, arguments),
        channel -> channel.queueDeclarePassive(name));
  }

  private static void bind(Connection connection, String queue, String exchange, String routingKey)
      throws IOException {
    onChannel(connection, channel -> channel.queueBind(queue, exchange, routingKey));
  }

  private static void declare(
      Connection connection, String what, Declaration asWanted, Declaration asItIs)
      throws IOException {
    try {
      onChannel(connection, asWanted);
    } catch (IOException refusal) {
      boolean exists =
          AmqpErrors.channelCloseCode(refusal) == AMQP.PRECONDITION_FAILED
              && exists(connection, asItIs);
      if (!exists) {
        throw refusal;
      }
      LOG.info("{} exists with other properties than ours; it is used as it is", what);
    }
  }

  private static boolean exists(Connection connection, Declaration asItIs) throws IOException {
    try {
      onChannel(connection, asItIs);
      return true;
    } catch (IOException e) {
      if (AmqpErrors.channelCloseCode(e) == AMQP.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** On a channel of its own, since a declaration that the broker refuses costs the channel. */
  private static void onChannel(Connection connection, Declaration declaration) throws IOException {
    Channel channel = Channels.open(connection);
    declaration.on(channel);
    channel.abort();
  }
}
