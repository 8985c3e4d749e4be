package org.workermanager.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.workermanager.amqp.connection.BrokerAddress;

/**
 * Everybody that a manager deals with, in one: requesters, workers, and the operator who looks at
 * what was set aside. They tell the account what they see.
 */
final class Peers implements AutoCloseable {

  private static final String RESPONSES =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";
  private static final String SET_ASIDE = "regards.DLQ";
  static final String WORK = "regards.worker.fuzzer.request";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What may be on its way to a worker while it cannot get anything out. */
  private static final int PREFETCH = 100;

  /** Of one that identifies something. */
  private static final int LONGEST_TEXT = 255;

  private final Account account;
  private final Connection connection;

  /**
   * Of its own: a broker that has much to send on a connection may not read from it meanwhile, and
   * when both directions are full TCP itself may need many seconds to get going again.
   */
  private final Connection outbound;

  private final Channel publishing;
  private final Channel replying;
  private final Channel working;

  /** What is to be done with a message that comes. */
  private interface Hearing {
    void hear(Delivery delivery) throws IOException;
  }

  /** The manager has declared its queues. */
  Peers(BrokerAddress broker, Account account) throws Exception {
    this.account = account;
    connection = broker.connect("fuzz");
    outbound = broker.connect("fuzz publishing");
    publishing = outbound.createChannel();
    publishing.confirmSelect();
    replying = outbound.createChannel();
    working = connection.createChannel();
    working.basicQos(PREFETCH);
    working.exchangeDeclare(WORK, "topic", true);
    working.queueDeclare(
        WORK,
        true,
        false,
        false,
        Map.of(
            "x-max-priority",
            10,
            "x-dead-letter-exchange",
            "regards.DLX",
            "x-dead-letter-routing-key",
            Draft.LETTERS));
    working.queueBind(WORK, WORK, "#");
    consume(working, WORK, false, this::work);
    Channel hearing = connection.createChannel();
    String responses = hearing.queueDeclare().getQueue();
    hearing.queueBind(responses, RESPONSES, "");
    consume(hearing, responses, true, this::response);
    consume(connection.createChannel(), SET_ASIDE, true, this::setAside);
  }

  private void consume(Channel channel, String queue, boolean acknowledged, Hearing hearing)
      throws IOException {
    channel.basicConsume(
        queue,
        acknowledged,
        (tag, delivery) -> {
          try {
            hearing.hear(delivery);
          } catch (IOException | RuntimeException e) {
            account.problem("A peer failed on a message from " + queue + ": " + e);
          }
        },
        tag -> {});
  }

  int frameMax() {
    return connection.getFrameMax();
  }

  void publish(Draft draft) throws IOException {
    publish(publishing, draft, draft.build());
  }

  private static void publish(Channel channel, Draft draft, BasicProperties properties)
      throws IOException {
    channel.basicPublish(draft.exchange, draft.routingKey, properties, draft.body);
  }

  /** Waits until the broker has all that was published. */
  void confirm() throws Exception {
    publishing.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(60));
  }

  /** How many messages wait on this queue. */
  long waiting(String queue) throws IOException {
    return publishing.messageCount(queue);
  }

  private static String text(Delivery delivery, String header) {
    Map<String, Object> headers = delivery.getProperties().getHeaders();
    Object value = headers == null ? null : headers.get(header);
    return value == null ? null : value.toString();
  }

  private void work(Delivery delivery) throws IOException {
    String id = Case.idIn(text(delivery, "regards.request.id"));
    Case about = id == null ? null : account.find(id);
    long tag = delivery.getEnvelope().getDeliveryTag();
    if (about == null) {
      account.problem("A worker got a request that is not known: " + id);
    } else if (!Arrays.equals(delivery.getBody(), about.first.body)) {
      account.problem("A worker got another body: " + about);
    } else if (about.rejected) {
      working.basicReject(tag, false);
      return;
    } else {
      String dispatch = text(delivery, "worker-manager.dispatch");
      for (Draft draft : about.fromWorker) {
        if (draft.echoes) {
          draft.headers.put("worker-manager.dispatch", dispatch);
        }
        publish(replying, draft, draft.build());
      }
    }
    working.basicAck(tag, false);
  }

  private void response(Delivery delivery) throws IOException {
    String requestId = text(delivery, "regards.request.id");
    String id = Case.idIn(requestId);
    JsonNode body = JSON.readTree(delivery.getBody());
    String state = body.path("state").asText();
    Case about = id == null ? null : account.find(id);
    if (about != null && !echoes(delivery, about)) {
      account.problem("A response with headers other than the request's: " + about);
    }
    if (about != null && state.equals("SUCCESS") && !Arrays.equals(content(body), bytes(id))) {
      account.showed(id, "other content");
    }
    account.responded(id, state + " " + body.path("messages").path(0).asText());
    if (about != null && about.onceSkipped != null && state.equals("SKIPPED")) {
      Draft reply = about.onceSkipped;
      publish(replying, reply, reply.build());
    }
  }

  private static byte[] content(JsonNode body) throws IOException {
    return body.path("content").binaryValue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Where the request had texts, the response has the same ones, or as much as may be. */
  private static boolean echoes(Delivery delivery, Case about) {
    return List.of(
            "regards.request.id",
            "regards.request.owner",
            "regards.request.session",
            "regards.request.content_type")
        .stream()
        .filter(header -> about.first.headers.get(header) instanceof String)
        .allMatch(
            header ->
                Objects.equals(
                    asMuchAsMayBe(WireProperties.read((String) about.first.headers.get(header))),
                    text(delivery, header)));
  }

  private static String asMuchAsMayBe(String text) {
    return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
  }

  /** The manager gives a reason; a broker that moves a message leaves it as it is. */
  private void setAside(Delivery delivery) {
    String id = Case.idIn(delivery.getProperties().getMessageId());
    id = id == null ? Case.idIn(new String(delivery.getBody(), UTF_8)) : id;
    Case about = id == null ? null : account.find(id);
    String reason = text(delivery, "x-exception-message");
    boolean whole = about == null || about.has(delivery.getBody());
    if (reason == null) {
      account.showed(id, whole ? "moved" : "moved with another body");
    } else if (reason.contains("This is without it")) {
      account.showed(id, "noted " + reason);
    } else {
      account.showed(id, whole ? "aside " + reason : "aside with another body, " + reason);
    }
  }

  @Override
  public void close() throws IOException {
    working.queueDelete(WORK);
    outbound.abort(2_000);
    connection.abort(2_000);
  }
}
