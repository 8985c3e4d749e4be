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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.workermanager.amqp.connection.BrokerAddress;

/**
 * A requester and workers in one, written from the protocol alone and knowing nothing of the
 * manager.
 */
final class Peer implements AutoCloseable {

  static final String TENANT = "scenario";

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

    String firstMessage() {
      return json().path("messages").path(0).asText();
    }
  }

  private final BrokerAddress broker;
  private final Connection connection;
  private final Channel channel;
  private final Map<String, BlockingQueue<Message>> responses = new ConcurrentHashMap<>();

  Peer(BrokerAddress broker) throws Exception {
    this.broker = broker;
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
          responsesFor(String.valueOf(message.header("regards.request.id"))).add(message);
        },
        tag -> {});
  }

  private BlockingQueue<Message> responsesFor(String requestId) {
    return responses.computeIfAbsent(requestId, id -> new LinkedBlockingQueue<>());
  }

  static Map<String, Object> headers(String requestId, String contentType) {
    Map<String, Object> headers = new HashMap<>();
    headers.put("regards.tenant", TENANT);
    headers.put("regards.request.id", requestId);
    headers.put("regards.request.owner", "owner");
    headers.put("regards.request.session", "session");
    headers.put("regards.request.content_type", contentType);
    return headers;
  }

  void request(String requestId, String contentType, String body) throws Exception {
    request(headers(requestId, contentType), 0, body.getBytes(UTF_8));
  }

  void request(Map<String, Object> headers, int priority, byte[] body) throws Exception {
    publish(REQUESTS, "", headers, priority, body);
  }

  void publish(String exchange, String key, Map<String, Object> headers, int priority, byte[] body)
      throws Exception {
    BasicProperties properties =
        new BasicProperties.Builder().deliveryMode(2).priority(priority).headers(headers).build();
    channel.basicPublish(exchange, key, properties, body);
    channel.waitForConfirmsOrDie(PATIENCE_SECONDS * 1000);
  }

  /** Declares a worker type's exchange and queue, as existing workers do. */
  void declareWorker(String workerType) throws IOException {
    String name = "regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request";
    channel.exchangeDeclare(name, "topic", true);
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-max-priority", 255);
    arguments.put("x-dead-letter-exchange", "regards.DLX");
    arguments.put("x-dead-letter-routing-key", "regards.worker.manager.request.dlq");
    channel.queueDeclare(name, true, false, false, arguments);
    channel.queueBind(name, name, "#");
  }

  void beat(String workerType) throws Exception {
    String body =
        "{\"id\":\"%1$s-1\",\"type\":\"%1$s\",\"heartBeatDate\":\"%2$s\"}"
            .formatted(workerType, Instant.now());
    beat(body.getBytes(UTF_8));
  }

  void beat(byte[] body) throws Exception {
    Map<String, Object> headers =
        Map.of("regards.tenant", TENANT, "content_type", "application/json");
    publish("regards.worker.manager.heartbeat", "#", headers, 0, body);
  }

  /** Takes the next request of this worker type, and acknowledges it. */
  Message work(String workerType) throws Exception {
    GetResponse got = take("regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request");
    channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    return new Message(got.getProps(), got.getBody());
  }

  /** Takes the next request of this worker type, and rejects it. */
  void reject(String workerType) throws Exception {
    GetResponse got = take("regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request");
    channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
  }

  /** Takes the next message that was set aside. */
  Message setAside() throws Exception {
    GetResponse got = take("regards.DLQ");
    channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    return new Message(got.getProps(), got.getBody());
  }

  private GetResponse take(String queue) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    GetResponse got = channel.basicGet(queue, false);
    while (got == null && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(5);
      got = channel.basicGet(queue, false);
    }
    assertNotNull(got, "nothing on " + queue);
    return got;
  }

  /** Waits until a worker type's queue is there; asking for a missing one may cost a connection. */
  void awaitQueue(String workerType) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      try (Connection asking = broker.connect("peer asking")) {
        asking
            .createChannel()
            .queueDeclarePassive(
                "regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request");
        return;
      } catch (IOException | ShutdownSignalException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  long waitingFor(String workerType) throws IOException {
    return channel.messageCount(
        "regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request");
  }

  void deleteQueue(String workerType) throws IOException {
    channel.queueDelete("regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request");
  }

  void reply(String requestId, String json) throws Exception {
    reply(Map.of("regards.tenant", TENANT, "regards.request.id", requestId), json.getBytes(UTF_8));
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

  /** The next response about this request. */
  Message response(String requestId) throws InterruptedException {
    Message message = responsesFor(requestId).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
  public void close() {
    connection.abort();
  }
}
