package org.workermanager.amqp.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.CuttableProxy;
import org.workermanager.amqp.Eventually;
import org.workermanager.amqp.TestBroker;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.WireNames;

/** A worker, whose manager is the test. */
@SuppressWarnings("try") // what is closed is not always spoken to
@ParameterizedClass
@EnumSource(TestBroker.class)
class WorkerTest {

  private static final String TYPE = "Tested";
  private static final String QUEUE = "regards.worker.tested.request";
  private static final String REPLIES = "regards.worker.manager.response";
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final int PATIENCE_SECONDS = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameter private TestBroker broker;

  private Connection connection;
  private Channel channel;
  private String heartbeats;

  @BeforeEach
  void declare() throws Exception {
    broker.deleteQueues(QUEUE, REPLIES);
    connection = broker.connect();
    Topology.USUAL.declareForManager(connection, "tester", Duration.ofMinutes(1));
    Topology.USUAL.declareWorkerRequests(connection, QUEUE);
    channel = connection.createChannel();
    channel.confirmSelect();
    heartbeats = channel.queueDeclare().getQueue();
    channel.queueBind(heartbeats, "regards.worker.manager.heartbeat", "#");
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.abort();
    // nobody consumes it: heartbeats would expire in it, and come to other tests' dead letters
    broker.deleteQueues(WireNames.heartbeatQueue("tester"));
  }

  private void dispatch(String requestId, String content) throws Exception {
    BasicProperties properties =
        new BasicProperties.Builder()
            .headers(
                Map.of(
                    "regards.tenant", "t",
                    "regards.request.id", requestId,
                    "regards.request.owner", "o",
                    "regards.request.session", "s",
                    "regards.request.content_type", "c",
                    "worker-manager.dispatch", "d-" + requestId,
                    "previous", "step"))
            .deliveryMode(2)
            .build();
    channel.basicPublish(QUEUE, "#", true, properties, content.getBytes(UTF_8));
    channel.waitForConfirmsOrDie(PATIENCE_SECONDS * 1000);
  }

  private record Reply(Map<String, Object> headers, JsonNode body) {

    String status() {
      return body.path("status").asText();
    }

    String requestId() {
      return headers.get("regards.request.id").toString();
    }
  }

  private Reply reply() throws Exception {
    GetResponse got = Eventually.get("a reply", () -> channel.basicGet(REPLIES, true));
    return new Reply(got.getProps().getHeaders(), JSON.readTree(got.getBody()));
  }

  private JsonNode beat() throws Exception {
    return JSON.readTree(
        Eventually.get("a heartbeat", () -> channel.basicGet(heartbeats, true)).getBody());
  }

  private Worker start(Function<WorkRequest, WorkResult> handler) {
    return Worker.start(broker.address(), TYPE, SELDOM, handler);
  }

  @Test
  void itBeatsAtOnceAndThenAtItsInterval() throws Exception {
    try (Worker worker =
        Worker.start(broker.address(), TYPE, Duration.ofMillis(50), request -> null)) {
      JsonNode first = beat();
      JsonNode second = beat();
      assertEquals(TYPE, first.path("type").asText());
      assertEquals(first.path("id"), second.path("id"));
      assertTrue(
          first.path("heartBeatDate").asText().compareTo(second.path("heartBeatDate").asText())
              < 0);
    }
  }

  @Test
  void itHandsOverTheRequestAndEchoesWhichOneItAnswers() throws Exception {
    BlockingQueue<WorkRequest> handled = new LinkedBlockingQueue<>();
    try (Worker worker =
        start(
            request -> {
              handled.add(request);
              return WorkResult.success("out".getBytes(UTF_8), Map.of("next", "header"));
            })) {
      dispatch("1", "in");

      Reply running = reply();
      assertEquals("RUNNING", running.status());
      Reply success = reply();
      assertEquals("SUCCESS", success.status());
      assertEquals("out", new String(success.body().path("content").binaryValue(), UTF_8));
      assertEquals("header", success.body().path("additionalHeaders").path("next").asText());
      for (Reply reply : List.of(running, success)) {
        assertEquals("t", reply.headers().get("regards.tenant").toString());
        assertEquals("1", reply.requestId());
        assertEquals("d-1", reply.headers().get("worker-manager.dispatch").toString());
      }
      WorkRequest request = handled.remove();
      assertEquals("in", new String(request.content(), UTF_8));
      assertEquals("o", request.owner());
      assertEquals("s", request.session());
      assertEquals("c", request.contentType());
      assertEquals(Map.of("previous", "step"), request.additionalHeaders());
    }
    assertEquals(0, channel.messageCount(QUEUE), "the request is acknowledged");
  }

  @Test
  void whatTheHandlerThrowsFailsTheRequestAndNoOther() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (Worker worker =
        start(
            request ->
                switch (calls.incrementAndGet()) {
                  case 1 -> throw new IllegalStateException("no disk");
                  case 2 -> throw new StackOverflowError("too deep");
                  case 3 -> null;
                  case 4 -> WorkResult.invalidContent("no text");
                  default -> WorkResult.failure("tired", "really");
                })) {
      for (int i = 1; i <= 5; i++) {
        dispatch("" + i, "");
      }
      assertAnswered("1", "ERROR", "no disk");
      assertAnswered("2", "ERROR", "too deep");
      assertAnswered("3", "ERROR", "null");
      assertAnswered("4", "INVALID_CONTENT", "no text");
      assertAnswered("5", "ERROR", "really");
    }
  }

  private void assertAnswered(String requestId, String status, String said) throws Exception {
    assertEquals("RUNNING", reply().status());
    Reply reply = reply();
    assertEquals(requestId, reply.requestId());
    assertEquals(status, reply.status());
    assertTrue(reply.body().path("messages").toString().contains(said), reply.body().toString());
  }

  @Test
  void aResultThatTheBrokerDoesNotTakeFailsTheRequestInsteadOfComingBackForEver() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker takes anything");
    byte[] tooMuch = new byte[110 * 1024 * 1024];
    AtomicInteger calls = new AtomicInteger();
    try (Worker worker =
        start(
            request -> {
              calls.incrementAndGet();
              return WorkResult.success(tooMuch);
            })) {
      dispatch("1", "");
      assertEquals("RUNNING", reply().status());
      assertAnswered("1", "ERROR", "does not take the result");
      assertEquals(1, calls.get());
    }
  }

  @Test
  void aCutConnectionIsMadeAgainAndTheRequestInHandDoneOnceMore() throws Exception {
    try (CuttableProxy proxy = new CuttableProxy(broker.uri())) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch cut = new CountDownLatch(1);
      AtomicInteger atOnce = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      try (Worker worker =
          Worker.start(
              BrokerAddress.parse(proxy.uri()),
              TYPE,
              SELDOM,
              request -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                begun.countDown();
                await(cut);
                atOnce.decrementAndGet();
                return WorkResult.success(request.content());
              })) {
        dispatch("1", "once more");
        assertNotNull(beat());
        await(begun);
        assertEquals("RUNNING", reply().status());
        proxy.cut();
        assertNotNull(beat(), "it beats when it is connected again");
        cut.countDown();
        assertEquals("RUNNING", reply().status());
        assertEquals("SUCCESS", reply().status());
        assertEquals(1, most.get(), "one request at a time");
      }
      assertEquals(0, channel.messageCount(QUEUE));
    }
  }

  @Test
  void aDeletedQueueIsDeclaredAgainAndConsumed() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker does not tell consumers");
    try (Worker worker = start(request -> WorkResult.success(request.content()))) {
      beat();
      channel.queueDelete(QUEUE);
      beat();
      dispatch("1", "x");
      assertEquals("RUNNING", reply().status());
      assertEquals("SUCCESS", reply().status());
    }
  }

  @Test
  void closingLetsTheRequestInHandEndAndTakesNoOther() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Worker worker =
        start(
            request -> {
              begun.countDown();
              await(go);
              return WorkResult.success(request.content());
            });
    dispatch("1", "in hand");
    dispatch("2", "not yet");
    await(begun);
    Thread closing = new Thread(worker::close);
    closing.start();
    Eventually.get(
        "close to wait", () -> closing.getState() == Thread.State.TIMED_WAITING ? closing : null);
    go.countDown();
    closing.join(PATIENCE_SECONDS * 1000);

    assertEquals("RUNNING", reply().status());
    Reply success = reply();
    assertEquals("SUCCESS", success.status());
    assertEquals("1", success.requestId());
    assertEquals("2", Eventually.get("the other request", this::takeDispatched));
    assertNull(channel.basicGet(REPLIES, true));
  }

  private String takeDispatched() throws Exception {
    GetResponse got = channel.basicGet(QUEUE, true);
    return got == null ? null : got.getProps().getHeaders().get("regards.request.id").toString();
  }

  @Test
  void anIntervalOfNothingIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Worker.start(broker.address(), TYPE, Duration.ZERO, request -> null));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
