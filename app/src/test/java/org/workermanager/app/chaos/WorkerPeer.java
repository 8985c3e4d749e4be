package org.workermanager.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A worker: acknowledges a request when the broker has confirmed its reply, and now and then
 * crashes before the reply, or between reply and acknowledgement.
 */
final class WorkerPeer extends Peer {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int ONE_CRASH_IN = 2_000;
  private static final int ONE_LONG_WORK_IN = 500;
  private static final int LONG_WORK_MILLIS = 2_000;
  private static final int USUAL_WORK_MILLIS = 8;
  private static final int PREFETCH = 20;

  private final String workerType;
  private final Ledger ledger;
  private final Random random;

  WorkerPeer(String workerType, int number, int port, Ledger ledger, Random random) {
    super(workerType + "-" + number, port);
    this.workerType = workerType;
    this.ledger = ledger;
    this.random = random;
  }

  String workerType() {
    return workerType;
  }

  @Override
  void attend(Connection connection) throws Exception {
    Channel beats = connection.createChannel();
    beats.exchangeDeclare(Wire.HEARTBEATS, "topic", true);
    beats.exchangeDeclare(Wire.REPLIES, "topic", true);
    Channel requests = connection.createChannel();
    Wire.declareWorker(requests, workerType);
    requests.confirmSelect();
    requests.basicQos(PREFETCH);
    requests.basicConsume(Wire.workerRequests(workerType), false, new Shift(requests));
    long lastBeat = System.nanoTime() - BETWEEN_BEATS.toNanos();
    while (isOn(connection) && requests.isOpen()) {
      if (System.nanoTime() - lastBeat >= BETWEEN_BEATS.toNanos()) {
        lastBeat = System.nanoTime();
        beat(beats);
      }
      Patience.rest(LOOK);
    }
  }

  private void beat(Channel channel) throws IOException {
    ObjectNode beat =
        JSON.createObjectNode()
            .put("id", name())
            .put("type", workerType)
            .put("heartBeatDate", Instant.now().toString());
    Map<String, Object> headers =
        Map.of(Wire.TENANT, Assignment.TENANTS.get(0), "content_type", "application/json");
    channel.basicPublish(
        Wire.HEARTBEATS, Wire.ANY, Wire.persistent(headers, 0), JSON.writeValueAsBytes(beat));
  }

  /** A request whose reply is not confirmed yet. */
  private record Replied(long deliveryTag, Account account, String status) {}

  /** What it does between two crashes. */
  private final class Shift extends DefaultConsumer {

    private final ConcurrentNavigableMap<Long, Replied> unconfirmed = new ConcurrentSkipListMap<>();

    Shift(Channel channel) {
      super(channel);
      channel.addConfirmListener(this::confirmed, (number, multiple) -> crash());
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, BasicProperties properties, byte[] body) throws IOException {
      String content = new String(body, UTF_8);
      Map<String, Object> headers = properties.getHeaders();
      String requestId = String.valueOf(headers.get(Wire.REQUEST_ID));
      Account account = ledger.taken(requestId, name());
      if (account == null) {
        getChannel().basicAck(envelope.getDeliveryTag(), false);
        return;
      }
      account.taken(
          name(),
          workerType,
          content,
          String.valueOf(headers.get(Wire.DISPATCH)),
          envelope.isRedeliver());
      if (random.nextInt(4) == 0) {
        publish("RUNNING", null, headers);
      }
      if (!workFor(random) || isTimeToCrash()) {
        crash();
        return;
      }
      Assignment.Work work = Assignment.work(workerType, content);
      unconfirmed.put(
          getChannel().getNextPublishSeqNo(),
          new Replied(envelope.getDeliveryTag(), account, work.status()));
      publish(work.status(), work.content(), headers);
    }

    private boolean workFor(Random random) {
      int millis =
          random.nextInt(ONE_LONG_WORK_IN) == 0
              ? LONG_WORK_MILLIS
              : random.nextInt(USUAL_WORK_MILLIS);
      try {
        Patience.rest(Duration.ofMillis(millis));
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private boolean isTimeToCrash() {
      return random.nextInt(ONE_CRASH_IN) == 0;
    }

    private void publish(String status, String content, Map<String, Object> about)
        throws IOException {
      ObjectNode reply = JSON.createObjectNode().put("status", status);
      if (content != null) {
        reply.put("content", content.getBytes(UTF_8));
      }
      reply.putArray("messages").add("said by " + name());
      Map<String, Object> headers = new HashMap<>();
      headers.put(Wire.TENANT, about.get(Wire.TENANT));
      headers.put(Wire.REQUEST_ID, about.get(Wire.REQUEST_ID));
      if (!workerType.equals(Assignment.SILENT)) {
        headers.put(Wire.DISPATCH, about.get(Wire.DISPATCH));
      }
      getChannel()
          .basicPublish(
              Wire.REPLIES, Wire.ANY, Wire.persistent(headers, 0), JSON.writeValueAsBytes(reply));
    }

    private void confirmed(long number, boolean multiple) throws IOException {
      Map<Long, Replied> confirmed =
          multiple
              ? unconfirmed.headMap(number, true)
              : unconfirmed.subMap(number, true, number, true);
      for (Replied replied : confirmed.values()) {
        replied.account().replied(name(), replied.status());
        if (isTimeToCrash()) {
          crash();
          return;
        }
        getChannel().basicAck(replied.deliveryTag(), false);
      }
      confirmed.clear();
    }
  }
}
