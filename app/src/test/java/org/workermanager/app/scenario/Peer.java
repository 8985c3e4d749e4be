package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.app.Eventually;

/**
 * One tenant's requester, and workers, in one: written from the protocol alone and knowing nothing
 * of the manager. Hears all responses that name its tenant.
 */
final class Peer implements AutoCloseable {

  private static final String REQUESTS =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.in.RequestEvent";
  private static final String RESPONSES =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";
  private static final long PATIENCE_SECONDS = 20;
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(100_000_000).build())
              .build());

  /** A message and what is in it. */
  record Message(BasicProperties properties, byte[] body) {

    String header(String name) {
      Object value = properties.getHeaders().get(name);
      return value == null ? null : value.toString();
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new AssertionError(new String(body, UTF_8), e);
      }
    }

    String text() {
      return new String(body, UTF_8);
    }

    String state() {
      return json().path("state").asText();
    }

    byte[] content() {
      return Base64.getDecoder().decode(json().path("content").asText());
    }

    /** What follows our own sentence. */
    String workersMessage() {
      return json().path("messages").path(1).asText();
    }

    String firstMessage() {
      return json().path("messages").path(0).asText();
    }
  }

  private final BrokerAddress broker;
  private final String tenant;
  private final Set<String> workerTypes = new HashSet<>();
  private final Connection connection;
  private final Channel channel;
  private final Map<String, BlockingQueue<Message>> responses = new ConcurrentHashMap<>();

  Peer(BrokerAddress broker, String tenant) throws Exception {
    this.broker = broker;
    this.tenant = tenant;
    connection = broker.connect("peer");
    channel = connection.createChannel();
    channel.confirmSelect();
    Channel listening = connection.createChannel();
    String queue = listening.queueDeclare().getQueue();
    listening.queueBind(queue, RESPONSES, "");
    listening.basicConsume(
        queue,
        true,
        (tag, delivery) -> {
          Message message = new Message(delivery.getProperties(), delivery.getBody());
          if (tenant.equals(message.header("regards.tenant"))) {
            responsesFor(String.valueOf(message.header("regards.request.id"))).add(message);
          }
        },
        tag -> {});
  }

  private BlockingQueue<Message> responsesFor(String requestId) {
    return responses.computeIfAbsent(requestId, id -> new LinkedBlockingQueue<>());
  }

  Map<String, Object> headers(String requestId, String contentType) {
    Map<String, Object> headers = new HashMap<>();
    headers.put("regards.tenant", tenant);
    headers.put("regards.request.id", requestId);
    headers.put("regards.request.owner", "owner");
    headers.put("regards.request.session", "session");
    headers.put("regards.request.content_type", contentType);
    return headers;
  }

  void request(String requestId, String contentType, String body) throws Exception {
    request(headers(requestId, contentType), 0, body.getBytes(UTF_8));
  }

  /** Does not wait until the broker has it: for many. */
  void requestUnconfirmed(String requestId, String contentType, String body) throws Exception {
    BasicProperties properties =
        new BasicProperties.Builder()
            .deliveryMode(2)
            .headers(headers(requestId, contentType))
            .build();
    channel.basicPublish(REQUESTS, "", properties, body.getBytes(UTF_8));
  }

  void request(Map<String, Object> headers, int priority, byte[] body) throws Exception {
    publish(REQUESTS, "", headers, priority, body);
  }

  void request(BasicProperties properties, byte[] body) throws Exception {
    publish(REQUESTS, "", properties, body);
  }

  void publish(String exchange, String key, Map<String, Object> headers, int priority, byte[] body)
      throws Exception {
    BasicProperties properties =
        new BasicProperties.Builder().deliveryMode(2).priority(priority).headers(headers).build();
    publish(exchange, key, properties, body);
  }

  private void publish(String exchange, String key, BasicProperties properties, byte[] body)
      throws Exception {
    channel.basicPublish(exchange, key, properties, body);
    channel.waitForConfirmsOrDie(PATIENCE_SECONDS * 1000);
  }

  /** Publishes a message of a worker that comes back as a dead letter. */
  void deadLetter(Map<String, Object> headers, byte[] body) throws Exception {
    publish("regards.worker.manager.request.dlq", "", headers, 0, body);
  }

  /** Declares a worker type's exchange and queue, as existing workers do. */
  void declareWorker(String workerType) throws IOException {
    declareWorker(workerType, Map.of("x-max-priority", 255));
  }

  /** The same with these arguments besides those that have dead letters arrive. */
  void declareWorker(String workerType, Map<String, Object> some) throws IOException {
    String name = queue(workerType);
    workerTypes.add(workerType);
    channel.exchangeDeclare(name, "topic", true);
    Map<String, Object> arguments = new HashMap<>(some);
    arguments.put("x-dead-letter-exchange", "regards.DLX");
    arguments.put("x-dead-letter-routing-key", "regards.worker.manager.request.dlq");
    channel.queueDeclare(name, true, false, false, arguments);
    channel.queueBind(name, name, "#");
  }

  private static String queue(String workerType) {
    return "regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request";
  }

  void beat(String workerType) throws Exception {
    beat(workerType, workerType + "-1");
  }

  /** One instance of a worker type beats. */
  void beat(String workerType, String instance) throws Exception {
    String body =
        "{\"id\":\"%s\",\"type\":\"%s\",\"heartBeatDate\":\"%s\"}"
            .formatted(instance, workerType, Instant.now());
    beat(body.getBytes(UTF_8));
  }

  void beat(byte[] body) throws Exception {
    beat(Map.of("regards.tenant", tenant, "content_type", "application/json"), body);
  }

  void beat(Map<String, Object> headers, byte[] body) throws Exception {
    publish("regards.worker.manager.heartbeat", "#", headers, 0, body);
  }

  /** Takes the next request of this worker type, and acknowledges it. */
  Message work(String workerType) throws Exception {
    GetResponse got = take(queue(workerType));
    channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    return new Message(got.getProps(), got.getBody());
  }

  /**
   * A worker that takes all requests of this worker type from now on, and answers each with what
   * this makes of it; not at all where that is null.
   */
  void work(String workerType, Function<Message, String> reply) throws Exception {
    Channel working = connection.createChannel();
    // else so many may be on their way in that no reply gets out, and both ends wait
    working.basicQos(100);
    working.basicConsume(
        queue(workerType),
        false,
        (tag, delivery) -> {
          Message request = new Message(delivery.getProperties(), delivery.getBody());
          String json = reply.apply(request);
          if (json != null) {
            reply(working, request.header("regards.request.id"), json);
          }
          working.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        },
        tag -> {});
  }

  private void reply(Channel through, String requestId, String json) throws IOException {
    BasicProperties properties =
        new BasicProperties.Builder()
            .deliveryMode(2)
            .headers(Map.of("regards.tenant", tenant, "regards.request.id", requestId))
            .build();
    through.basicPublish("regards.worker.manager.response", "#", properties, json.getBytes(UTF_8));
  }

  /** Does not wait until the broker has it: for many. */
  void replyUnconfirmed(String requestId, String json) throws IOException {
    reply(channel, requestId, json);
  }

  /**
   * A worker that takes the requests of this worker type, but acknowledges none and says nothing,
   * until this peer is closed.
   *
   * @return what it has taken
   */
  Collection<Message> hold(String workerType) throws Exception {
    Collection<Message> held = new ConcurrentLinkedQueue<>();
    connection
        .createChannel()
        .basicConsume(
            queue(workerType),
            false,
            (tag, delivery) -> held.add(new Message(delivery.getProperties(), delivery.getBody())),
            tag -> {});
    return held;
  }

  /** Takes the next request of this worker type, and rejects it. */
  void reject(String workerType) throws Exception {
    GetResponse got = take(queue(workerType));
    channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
  }

  /** Takes the next message that was set aside. */
  Message setAside() throws Exception {
    GetResponse got = take("regards.DLQ");
    channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    return new Message(got.getProps(), got.getBody());
  }

  private GetResponse take(String queue) {
    return Eventually.await("a message on " + queue)
        .until(() -> channel.basicGet(queue, false), Objects::nonNull);
  }

  /** Waits until a worker type's queue is there; asking for a missing one may cost a connection. */
  void awaitQueue(String workerType) {
    Eventually.await("the queue of " + workerType)
        .ignoreExceptionsMatching(
            e -> e instanceof IOException || e instanceof ShutdownSignalException)
        .untilAsserted(
            () -> {
              try (Connection asking = broker.connect("peer asking")) {
                asking.createChannel().queueDeclarePassive(queue(workerType));
              }
            });
  }

  long waitingFor(String workerType) throws IOException {
    return channel.messageCount(queue(workerType));
  }

  /** Waits until that many requests are on this worker type's queue. */
  void awaitWaiting(String workerType, int requests) {
    Eventually.await("requests for " + workerType)
        .untilAsserted(() -> assertEquals(requests, waitingFor(workerType)));
  }

  void deleteQueue(String workerType) throws IOException {
    channel.queueDelete(queue(workerType));
  }

  void reply(String requestId, String json) throws Exception {
    reply(Map.of("regards.tenant", tenant, "regards.request.id", requestId), json.getBytes(UTF_8));
  }

  void reply(Map<String, Object> headers, byte[] body) throws Exception {
    publish("regards.worker.manager.response", "#", headers, 0, body);
  }

  void succeed(String requestId, String content) throws Exception {
    String base64 = Base64.getEncoder().encodeToString(content.getBytes(UTF_8));
    reply(
        requestId,
        "{\"status\":\"SUCCESS\",\"messages\":[\"well\"],\"content\":\"" + base64 + "\"}");
  }

  /** The states of the responses about this request that nobody asked for yet. */
  List<String> heard(String requestId) {
    return responsesFor(requestId).stream().map(Message::state).toList();
  }

  /** The next response about this request. */
  Message response(String requestId) throws InterruptedException {
    Message message = responsesFor(requestId).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(message, "no response about " + requestId);
    return message;
  }

  /**
   * The same, while a worker of this type takes requests and hands them back: some brokers only see
   * that a message is too old when somebody wants it.
   */
  Message responseWhileTaking(String requestId, String workerType) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Message message = null;
    while (message == null && System.nanoTime() - deadline < 0) {
      GetResponse got = channel.basicGet(queue(workerType), false);
      if (got != null) {
        channel.basicReject(got.getEnvelope().getDeliveryTag(), true);
      }
      message = responsesFor(requestId).poll(5, TimeUnit.MILLISECONDS);
    }
    assertNotNull(message, "no response about " + requestId);
    return message;
  }

  /** The next responses about this request are in these states. */
  Message expect(String requestId, String... states) throws InterruptedException {
    Message last = null;
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      last = response(requestId);
      heard.add(last.state());
    }
    assertEquals(List.of(states), heard);
    return last;
  }

  @Override
  public void close() throws IOException {
    for (String workerType : workerTypes) {
      deleteQueue(workerType);
    }
    connection.abort();
  }
}
