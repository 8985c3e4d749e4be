package org.workermanager.amqp.topology;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.wire.WireNames;

/**
 * Declares exchanges, queues and bindings (PROTOCOL section 1). What exists with other properties
 * is used as it is.
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

  private Topology() {}

  /** All that a manager instance needs before it consumes. */
  public static void declareForManager(
      Connection connection, String instance, Duration heartbeatExpiry) throws IOException {
    declareDeadLetters(connection);

    exchange(connection, WireNames.REQUEST_DEAD_LETTERS, BuiltinExchangeType.FANOUT);
    queue(connection, WireNames.REQUEST_DEAD_LETTERS, false, Map.of());
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
    queue(connection, WireNames.REPLY_QUEUE, false, deadLettering(WireNames.DEAD_LETTER_QUEUE));
    bind(connection, WireNames.REPLY_QUEUE, WireNames.REPLY_EXCHANGE, WireNames.ANY);

    exchange(connection, WireNames.HEARTBEAT_EXCHANGE, BuiltinExchangeType.TOPIC);
    String heartbeats = WireNames.heartbeatQueue(instance);
    Map<String, Object> arguments = deadLettering(WireNames.DEAD_LETTER_QUEUE);
    arguments.put("x-message-ttl", heartbeatExpiry.toMillis());
    queue(connection, heartbeats, true, arguments);
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
  public static void declareAgain(Connection connection, String exchange) throws IOException {
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
  public static void declareRequests(Connection connection) throws IOException {
    exchange(connection, WireNames.REQUEST_EXCHANGE, BuiltinExchangeType.FANOUT);
    Map<String, Object> arguments = deadLettering(WireNames.DEAD_LETTER_QUEUE);
    arguments.put("x-max-priority", REQUEST_QUEUE_PRIORITIES);
    queue(connection, WireNames.REQUEST_QUEUE, false, arguments);
    bind(connection, WireNames.REQUEST_QUEUE, WireNames.REQUEST_EXCHANGE, "");
  }

  /**
   * The exchange and queue of this name for requests to workers, with just the properties that
   * existing workers declare them with.
   */
  public static void declareWorkerRequests(Connection connection, String name) throws IOException {
    exchange(connection, name, BuiltinExchangeType.TOPIC);
    Map<String, Object> arguments = deadLettering(WireNames.REQUEST_DEAD_LETTERS);
    arguments.put("x-max-priority", WORKER_QUEUE_PRIORITIES);
    queue(connection, name, false, arguments);
    bind(connection, name, name, WireNames.ANY);
  }

  /** Where workers publish heartbeats and replies, and their requests go that fail. */
  public static void declareForWorker(Connection connection, String workerType) throws IOException {
    exchange(connection, WireNames.HEARTBEAT_EXCHANGE, BuiltinExchangeType.TOPIC);
    exchange(connection, WireNames.REPLY_EXCHANGE, BuiltinExchangeType.TOPIC);
    exchange(connection, WireNames.DEAD_LETTER_EXCHANGE, BuiltinExchangeType.TOPIC);
    declareWorkerRequests(connection, WireNames.workerRequests(workerType));
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

  private static Map<String, Object> deadLettering(String routingKey) {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-dead-letter-exchange", WireNames.DEAD_LETTER_EXCHANGE);
    arguments.put("x-dead-letter-routing-key", routingKey);
    return arguments;
  }

  private static void exchange(Connection connection, String name, BuiltinExchangeType type)
      throws IOException {
    declare(
        connection,
        "Exchange " + name,
        channel -> channel.exchangeDeclare(name, type, true),
        channel -> channel.exchangeDeclarePassive(name));
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
    } catch (IOException e) {
      if (!existsOtherwise(e)) {
        throw e;
      }
      onChannel(connection, asItIs);
      LOG.info("{} exists with other properties than ours; it is used as it is", what);
    }
  }

  private static boolean existsOtherwise(IOException e) {
    return e.getCause() instanceof ShutdownSignalException shutdown
        && shutdown.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.PRECONDITION_FAILED;
  }

  /** On a channel of its own, since a declaration that the broker refuses costs the channel. */
  private static void onChannel(Connection connection, Declaration declaration) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("The broker allows no more channels on this connection");
    }
    declaration.on(channel);
    channel.abort();
  }
}
