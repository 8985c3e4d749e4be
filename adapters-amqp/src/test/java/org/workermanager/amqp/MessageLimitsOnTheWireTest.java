package org.workermanager.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.Frame;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.ConsumingListener;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;

/** A manager with low limits, and messages that are just as large as they may be, or larger. */
@ParameterizedClass
@EnumSource(TestBroker.class)
class MessageLimitsOnTheWireTest {

  private static final String TENANT = "limits";
  private static final String WORKER = "Limited";

  private static final MessageLimits LIMITS =
      MessageLimits.USUAL
          .with(MessageLimit.BODY, 2000)
          .with(MessageLimit.HEADERS, 8192)
          .with(MessageLimit.HEADER, 1024)
          .with(MessageLimit.HEADER_COUNT, 16)
          .with(MessageLimit.JSON_DEPTH, 4)
          .with(MessageLimit.JSON_TEXT, 1024);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Closed after each test, the last one first. */
  private final List<AutoCloseable> opened = new ArrayList<>();

  @Parameter private TestBroker broker;

  private Channel channel;
  private String responses;

  @BeforeEach
  void start() throws Exception {
    broker.deleteQueues(
        WireNames.REQUEST_QUEUE,
        WireNames.REPLY_QUEUE,
        WireNames.REQUEST_DEAD_LETTERS,
        WireNames.DEAD_LETTER_QUEUE,
        WireNames.workerRequests(WORKER));
    Connection connection = broker.connect();
    opened.add(() -> connection.abort(2_000));
    startManager();
    channel = connection.createChannel();
    channel.confirmSelect();
    responses = channel.queueDeclare().getQueue();
    channel.queueBind(responses, WireNames.RESPONSE_EXCHANGE, "");
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private void startManager() throws Exception {
    AmqpAdapter adapter =
        new AmqpAdapter(
            AmqpSettings.of(broker.address(), "limited", Duration.ofMinutes(1)).withLimits(LIMITS),
            InstantSource.system());
    WorkerManager manager = InMemoryManager.start("limited", adapter, UnaryOperator.identity());
    manager
        .operator()
        .configure(
            TENANT,
            new ConfigurationUpdate(
                true,
                List.of(new WorkerConfiguration(WORKER, List.of("c"), null, true, null)),
                List.of(),
                null));
    CountDownLatch consuming = new CountDownLatch(1);
    adapter.start(
        manager,
        new ConsumingListener() {
          @Override
          public void consuming() {
            consuming.countDown();
          }
        });
    opened.add(adapter);
    assertTrue(consuming.await(30, TimeUnit.SECONDS), "it does not consume");
  }

  private static Map<String, Object> headers(String id) {
    Map<String, Object> headers = new HashMap<>();
    headers.put(WireNames.TENANT, TENANT);
    headers.put(WireNames.REQUEST_ID, id);
    headers.put(WireNames.OWNER, "o");
    headers.put(WireNames.SESSION, "s");
    headers.put(WireNames.CONTENT_TYPE, "c");
    return headers;
  }

  private void publish(String exchange, Map<String, Object> headers, byte[] body) throws Exception {
    BasicProperties properties =
        new BasicProperties.Builder().headers(headers).deliveryMode(2).build();
    channel.basicPublish(exchange, WireNames.ANY, properties, body);
  }

  private void submit(Map<String, Object> headers, int bodySize) throws Exception {
    publish(WireNames.REQUEST_EXCHANGE, headers, new byte[bodySize]);
  }

  /** Submits a request for a worker that is alive. */
  private void grant(String id) throws Exception {
    publish(WireNames.HEARTBEAT_EXCHANGE, Map.of(), beat("null").getBytes(UTF_8));
    AtomicInteger tried = new AtomicInteger();
    Eventually.get(
        "the worker to be alive",
        () -> {
          submit(headers("try " + tried.incrementAndGet()), 1);
          return response().contains(" GRANTED ") ? true : null;
        });
    submit(headers(id), 1);
    assertResponds(id + " GRANTED");
  }

  private static String beat(String more) {
    return "{\"id\": \"i\", \"type\": \"%s\", \"heartBeatDate\": \"%s\", \"x\": %s}"
        .formatted(WORKER, Instant.now(), more);
  }

  private void reply(String id, String body) throws Exception {
    publish(WireNames.REPLY_EXCHANGE, headers(id), body.getBytes(UTF_8));
  }

  private GetResponse get(String queue) throws Exception {
    return Eventually.get("a message on " + queue, () -> channel.basicGet(queue, true));
  }

  /** The next response: about which request, in which state, and the first message. */
  private String response() throws Exception {
    JsonNode body = JSON.readTree(get(responses).getBody());
    return String.join(
        " ",
        body.path("requestId").asText(),
        body.path("state").asText(),
        body.path("messages").path(0).asText());
  }

  private void assertResponds(String start) throws Exception {
    String response = response();
    assertTrue(response.startsWith(start), response);
  }

  private static String reason(GetResponse aside) {
    return String.valueOf(aside.getProps().getHeaders().get(WireNames.EXCEPTION_MESSAGE));
  }

  private void assertSetAside(String reason) throws Exception {
    GetResponse aside = get(WireNames.DEAD_LETTER_QUEUE);
    assertEquals(reason, reason(aside));
    assertTrue(aside.getBody().length > 0, "with its body");
  }

  /** One of what the queue has holds the reason, the other one the message. */
  private void assertSetAsideByTheBroker(String reason, byte[] body) throws Exception {
    GetResponse one = get(WireNames.DEAD_LETTER_QUEUE);
    GetResponse two = get(WireNames.DEAD_LETTER_QUEUE);
    boolean first = one.getProps().getHeaders().containsKey(WireNames.EXCEPTION_MESSAGE);
    GetResponse told = first ? one : two;
    GetResponse moved = first ? two : one;
    assertEquals(
        reason
            + " This is without it: the broker moves the message itself to where its queue"
            + " dead-letters.",
        reason(told));
    assertEquals(0, told.getBody().length);
    assertArrayEquals(body, moved.getBody());
    assertNull(moved.getProps().getHeaders().get(WireNames.EXCEPTION_MESSAGE));
    assertNull(moved.getProps().getHeaders().get(WireNames.DROPPED_BODY));
  }

  /** Its neighbours before and after it are taken, in the same connection. */
  private void assertSkipped(Map<String, Object> headers, int bodySize, String why)
      throws Exception {
    submit(headers("before"), 1);
    submit(headers, bodySize);
    submit(headers("after"), 1);
    List<String> told = new ArrayList<>(List.of(response(), response(), response()));
    // what is skipped may be told before what is taken
    assertTrue(told.remove("it SKIPPED " + why), told::toString);
    assertTrue(
        told.stream().allMatch(response -> response.matches("(before|after) DELAYED .*")),
        told::toString);
    assertNull(channel.basicGet(WireNames.DEAD_LETTER_QUEUE, true), "it is answered");
  }

  @Test
  void aRequestMayHaveSoLargeABody() throws Exception {
    submit(headers("it"), 2_000);
    assertResponds("it DELAYED");
  }

  @ParameterizedTest
  @ValueSource(ints = {2_001, 1_000_000})
  void aRequestWithALargerBodyIsSkipped(int size) throws Exception {
    assertSkipped(
        headers("it"), size, "The body has " + size + " bytes, more than 2000 (limit body).");
  }

  @Test
  void aRequestWithALargerBodyAndNobodyToAnswerIsSetAsideByTheBroker() throws Exception {
    Map<String, Object> headers = headers("it");
    headers.remove(WireNames.TENANT);
    byte[] body = new byte[300_000];
    new Random(1).nextBytes(body);
    publish(WireNames.REQUEST_EXCHANGE, headers, body);
    submit(headers("after"), 1);
    assertResponds("after DELAYED");
    assertSetAsideByTheBroker(
        "The body has 300000 bytes, more than 2000 (limit body). No response is possible:"
            + " regards.tenant is missing or not text.",
        body);
  }

  /** With headers of so many bytes altogether. */
  private static Map<String, Object> withHeadersOf(int bytes) throws Exception {
    Map<String, Object> headers = headers("it");
    for (int i = 0; i < 8; i++) {
      headers.put("more" + i, "x".repeat(900));
    }
    headers.put("rest", "");
    headers.put("rest", "x".repeat(bytes - (int) Frame.tableSize(headers)));
    return headers;
  }

  @Test
  void aRequestMayHaveSoManyAndSoLargeHeaders() throws Exception {
    submit(withHeadersOf(8_192), 1);
    assertResponds("it DELAYED");
    Map<String, Object> headers = headers("one");
    // of 1 + 4 for the name, 1 for the type, 4 for the length
    headers.put("long", "x".repeat(1_024 - 10));
    submit(headers, 1);
    assertResponds("one DELAYED");
    headers = headers("many");
    for (int i = headers.size(); i < 16; i++) {
      headers.put("more" + i, i);
    }
    submit(headers, 1);
    assertResponds("many DELAYED");
  }

  @Test
  void aRequestWithLargerHeadersIsSkipped() throws Exception {
    assertSkipped(
        withHeadersOf(8_193), 1, "The headers have 8193 bytes, more than 8192 (limit headers).");
  }

  @Test
  void aRequestWithALargerHeaderIsSkipped() throws Exception {
    Map<String, Object> headers = headers("it");
    headers.put("long", "x".repeat(1_024 - 9));
    assertSkipped(headers, 1, "The header long has 1025 bytes, more than 1024 (limit header).");
  }

  @Test
  void aRequestWithMoreHeadersIsSkipped() throws Exception {
    Map<String, Object> headers = headers("it");
    for (int i = headers.size(); i < 17; i++) {
      headers.put("more" + i, i);
    }
    assertSkipped(headers, 1, "There are 17 headers, more than 16 (limit header-count).");
  }

  @Test
  void aReplyMayBeAsLargeAsTheLimits() throws Exception {
    grant("it");
    String start = "{\"status\": \"ERROR\", \"x\": [[[]]], \"messages\": [\"";
    String messages = "m".repeat(1_024) + "\", \"";
    String end = "\"]}";
    int rest = 2_000 - start.length() - messages.length() - end.length();
    reply("it", start + messages + "n".repeat(rest) + end);
    assertResponds("it ERROR");
  }

  @Test
  void aReplyWithALargerBodyIsSetAsideByTheBroker() throws Exception {
    grant("it");
    String body = "{\"status\": \"SUCCESS\"}" + " ".repeat(2_000);
    reply("it", body);
    reply("it", "{\"status\": \"ERROR\"}");
    assertResponds("it ERROR");
    assertSetAsideByTheBroker(
        "The body has 2021 bytes, more than 2000 (limit body).", body.getBytes(UTF_8));
  }

  @Test
  void aReplyWithTooMuchInItIsSetAside() throws Exception {
    grant("it");
    reply("it", "{\"status\": \"SUCCESS\", \"x\": [[[[]]]]}");
    assertSetAside("The body's JSON is nested deeper than 4 (limit json-depth).");
    reply("it", "{\"status\": \"SUCCESS\", \"x\": \"" + "x".repeat(1_025) + "\"}");
    assertSetAside("The body's JSON has a text of more than 1024 characters (limit json-text).");
    reply("it", "{\"status\": \"SUCCESS\", \"x\": " + "1".repeat(1_500) + "}");
    assertTrue(
        reason(get(WireNames.DEAD_LETTER_QUEUE))
            .startsWith("The body's JSON has too much in it: "));
    Map<String, Object> headers = headers("it");
    headers.put("long", "x".repeat(1_024));
    publish(WireNames.REPLY_EXCHANGE, headers, "{\"status\": \"SUCCESS\"}".getBytes(UTF_8));
    assertSetAside("The header long has 1034 bytes, more than 1024 (limit header).");
    reply("it", "{\"status\": \"ERROR\"}");
    assertResponds("it ERROR");
  }

  @Test
  void aHeartbeatThatIsTooLargeCountsAsNone() throws Exception {
    publish(WireNames.HEARTBEAT_EXCHANGE, Map.of(), beat("[[[[]]]]").getBytes(UTF_8));
    assertSetAside("The body's JSON is nested deeper than 4 (limit json-depth).");
    byte[] large = (beat("null") + " ".repeat(2_000)).getBytes(UTF_8);
    publish(WireNames.HEARTBEAT_EXCHANGE, Map.of(), large);
    assertSetAsideByTheBroker(
        "The body has " + large.length + " bytes, more than 2000 (limit body).", large);
    submit(headers("it"), 1);
    assertResponds("it DELAYED");
    grant("with another beat");
  }

  /** The manager has what it sent itself, and needs no copy. */
  @Test
  void aDeadLettersBodyMayBeOfAnySize() throws Exception {
    grant("it");
    publish(WireNames.REQUEST_DEAD_LETTERS, headers("it"), new byte[300_000]);
    assertResponds("it ERROR");
    Map<String, Object> headers = headers("it");
    headers.put(WireNames.EXCEPTION_STACKTRACE, "x".repeat(1_024));
    publish(WireNames.REQUEST_DEAD_LETTERS, headers, new byte[1]);
    assertSetAside(
        "The header x-exception-stacktrace has 1052 bytes, more than 1024 (limit header).");
  }

  /** The queue of dead letters has no dead-letter arguments: the broker would drop it. */
  @Test
  void aTooLargeDeadLetterOfNoRequestIsSetAsideWithoutItsBodyAndSaysSo() throws Exception {
    Map<String, Object> headers = headers("it");
    headers.remove(WireNames.REQUEST_ID);
    publish(WireNames.REQUEST_DEAD_LETTERS, headers, new byte[300_000]);
    GetResponse aside = get(WireNames.DEAD_LETTER_QUEUE);
    assertEquals(
        "The header regards.request.id is missing or not text. This is without it: the queue it"
            + " was on dead-letters nowhere.",
        reason(aside));
    assertEquals(TENANT, aside.getProps().getHeaders().get(WireNames.TENANT).toString());
  }

  @Test
  void aBodyIsNotTakenForTooLargeBecauseItsSenderSaysSo() throws Exception {
    Map<String, Object> headers = headers("it");
    headers.put(WireNames.DROPPED_BODY, 5_000L);
    submit(headers, 1);
    assertResponds("it DELAYED");
  }

  @Test
  void aRequestIsSkippedThoughItsOwnerAlmostFillsAFrame() throws Exception {
    int frame = channel.getConnection().getFrameMax();
    Map<String, Object> headers = headers("it");
    headers.put(WireNames.OWNER, "o".repeat(frame - 300));
    submit(headers, 1);
    assertResponds("it SKIPPED The header regards.request.owner has ");
  }
}
