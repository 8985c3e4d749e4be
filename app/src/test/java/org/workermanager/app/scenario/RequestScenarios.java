package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.workermanager.app.scenario.Peer.Message;

/**
 * Single requests (PROTOCOL sections 2 to 7). They share a tenant, and worker types whose queues
 * are declared just as workers do, which takes a while.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RequestScenarios extends Scenarios {

  private String worker;
  private String next;
  private String late;

  RequestScenarios(Stage stage) {
    super(stage);
  }

  @Override
  @BeforeAll
  void open() throws Exception {
    super.open();
    worker = type("Work");
    next = type("Next");
    late = type("Late");
    configure(
        List.of(
            worker("Work", "work", "half"),
            worker("Next", "half", null),
            worker("Late", "late", null)),
        flow(step(7, "Next"), step(3, "Work")));
    for (String name : List.of("Work", "Next")) {
      peer.declareWorker(type(name));
    }
  }

  /** Before each: on a busy machine all of them take longer than one heartbeat counts. */
  @BeforeEach
  void beat() throws Exception {
    beat("Work");
    beat("Next");
  }

  @Override
  @AfterAll
  void close() throws Exception {
    super.close();
  }

  /** A request goes through: nothing blocks its queue, and replies get through too. */
  private void assertAllIsWell() throws Exception {
    String id = id();
    peer.request(id, "work", "content");
    peer.expect(id, "GRANTED");
    assertEquals(id, peer.work(worker).header("regards.request.id"));
    peer.succeed(id, "done");
    peer.expect(id, "SUCCESS");
  }

  @Test
  void success() throws Exception {
    String id = id();
    byte[] body = {0, 1, (byte) 200, '{'};
    peer.request(peer.headers(id, "work"), 7, body);
    Message granted = peer.expect(id, "GRANTED");
    assertEquals(tenant(), granted.header("regards.tenant"));
    assertEquals("owner", granted.header("regards.request.owner"));
    assertEquals("session", granted.header("regards.request.session"));
    assertEquals("work", granted.header("regards.request.content_type"));
    assertEquals("GSON", granted.header("regards.converter"));
    assertEquals(worker, granted.header("regards.worker_id"));
    assertEquals("UTF-8", granted.properties().getContentEncoding());
    assertEquals("application/json", granted.properties().getContentType());
    assertEquals(2, granted.properties().getDeliveryMode());
    assertEquals("EXTRACTION", granted.json().path("type").asText());
    assertEquals("owner", granted.json().path("requestOwner").asText());
    assertEquals(id, granted.json().path("requestId").asText());
    assertTrue(granted.json().path("content").isMissingNode());

    Message request = peer.work(worker);
    assertArrayEquals(body, request.body());
    assertEquals(7, request.properties().getPriority());
    assertEquals("application/json", request.properties().getContentType());
    assertEquals("REGARDS", request.properties().getAppId());
    for (Map.Entry<String, Object> header : peer.headers(id, "work").entrySet()) {
      assertEquals(header.getValue(), request.header(header.getKey()));
    }

    peer.reply(id, "{\"status\":\"RUNNING\"}");
    peer.succeed(id, "=> done <");
    Message success = peer.expect(id, "SUCCESS");
    assertEquals("=> done <", new String(success.content(), UTF_8));
    assertEquals("well", success.json().path("messages").path(1).asText());
  }

  @Test
  void onlyWhatTheProtocolNamesIsPassedOn() throws Exception {
    String id = id();
    Map<String, Object> headers = peer.headers(id, "work");
    headers.put("worker-manager.dispatch", "the requester's");
    headers.put("other", "the requester's");
    headers.put("table", Map.of("list", List.of(1, true, "x")));
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    peer.request(
        new BasicProperties.Builder()
            .headers(headers)
            .deliveryMode(1)
            .contentType("image/png")
            .contentEncoding("latin1")
            .correlationId("c")
            .replyTo("r")
            .messageId("m")
            .type("t")
            .timestamp(new Date(0))
            .appId("somebody's")
            .build(),
        new byte[] {1});
    Message request = peer.work(worker);
    BasicProperties properties = request.properties();
    assertEquals(
        new BasicProperties.Builder()
            .headers(properties.getHeaders())
            .contentType("application/json")
            .deliveryMode(2)
            .priority(0)
            .timestamp(properties.getTimestamp())
            .appId("REGARDS")
            .build(),
        properties);
    assertFalse(properties.getTimestamp().toInstant().isBefore(before));
    assertEquals(6, properties.getHeaders().size(), properties.toString());
    assertFalse(request.header("worker-manager.dispatch").startsWith("the requester"));
    Message granted = peer.expect(id, "GRANTED");
    assertEquals("REGARDS", granted.properties().getAppId());
    assertEquals(1, granted.properties().getPriority());
    assertFalse(granted.properties().getTimestamp().toInstant().isBefore(before));
    assertEquals(
        "fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent",
        granted.header("regards.type"));
    assertEquals(8, granted.properties().getHeaders().size(), granted.properties().toString());
  }

  @Test
  void aCompressedBodyStaysAsItIs() throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream compressing = new GZIPOutputStream(compressed)) {
      compressing.write("compressed by the requester".getBytes(UTF_8));
    }
    String id = id();
    peer.request(
        new BasicProperties.Builder()
            .headers(peer.headers(id, "work"))
            .contentEncoding("gzip")
            .build(),
        compressed.toByteArray());
    assertArrayEquals(compressed.toByteArray(), peer.work(worker).body());
    peer.succeed(id, "y");
    peer.expect(id, "GRANTED", "SUCCESS");
  }

  @Test
  void theDispatchMayBeEchoed() throws Exception {
    String id = id();
    peer.request(id, "work", "x");
    Map<String, Object> echo = new HashMap<>(peer.work(worker).properties().getHeaders());
    peer.reply(echo, "{\"status\":\"RUNNING\"}".getBytes(UTF_8));
    peer.reply(echo, "{\"status\":\"SUCCESS\"}".getBytes(UTF_8));
    peer.expect(id, "GRANTED", "SUCCESS");
  }

  @Test
  void runningChangesNothingButADispatchedRequest() throws Exception {
    String id = id();
    peer.request(id, "work", "x");
    peer.work(worker);
    peer.reply(id, "{\"status\":\"ERROR\"}");
    peer.expect(id, "GRANTED", "ERROR");
    peer.reply(id, "{\"status\":\"RUNNING\"}");
    peer.request(id, "work", "still held");
    peer.expect(id, "SKIPPED");
    peer.reply(id, "{\"status\":\"INVALID_CONTENT\"}");
    peer.expect(id, "INVALID_CONTENT");
    peer.reply(id, "{\"status\":\"RUNNING\"}");
    peer.succeed(id, "y");
    peer.reply(id, "{\"status\":\"RUNNING\"}");
    peer.expect(id, "SUCCESS");
    // the id is free again
    peer.request(id, "work", "another");
    assertEquals("another", peer.work(worker).text());
    peer.reply(id, "{\"status\":\"SUCCESS\"}");
    peer.expect(id, "GRANTED", "SUCCESS");
  }

  @Test
  void aSkippedResponseHasTheHeadersThatWereThere() throws Exception {
    String id = id();
    Map<String, Object> headers = peer.headers(id, "a\u0000b");
    headers.remove("regards.request.session");
    headers.put("regards.request.owner", new byte[] {1});
    peer.request(headers, 0, new byte[0]);
    Message skipped = peer.expect(id, "SKIPPED");
    for (String name : List.of("session", "owner", "content_type")) {
      assertTrue(
          skipped.firstMessage().contains("regards.request." + name), skipped.firstMessage());
    }
    assertNull(skipped.header("regards.request.session"));
    assertNull(skipped.header("regards.request.owner"));
    assertNull(skipped.header("regards.worker_id"));
    assertTrue(skipped.json().path("requestOwner").isMissingNode());
    assertTrue(skipped.json().path("content").isMissingNode());
    assertEquals(id, skipped.json().path("requestId").asText());
  }

  @Test
  void errorAndThenSuccess() throws Exception {
    String id = id();
    peer.request(id, "work", "x");
    peer.work(worker);
    peer.reply(id, "{\"status\":\"ERROR\",\"messages\":[\"bad\\u0000\"]}");
    assertEquals(
        "bad\uFFFD", peer.expect(id, "GRANTED", "ERROR").json().path("messages").path(1).asText());
    peer.reply(id, "{\"status\":\"SUCCESS\"}");
    assertEquals("{}", new String(peer.expect(id, "SUCCESS").content(), UTF_8));
  }

  @Test
  void invalidContent() throws Exception {
    String id = id();
    peer.request(id, "work", "x");
    peer.work(worker);
    peer.reply(id, "{\"status\":\"INVALID_CONTENT\",\"messages\":null,\"more\":{}}");
    peer.expect(id, "GRANTED", "INVALID_CONTENT");
  }

  @Test
  void delay() throws Exception {
    String id = id();
    peer.request(id, "late", "x");
    assertTrue(peer.expect(id, "DELAYED").firstMessage().contains(late));
    String unknown = id();
    peer.request(unknown, "nobody does this", "x");
    peer.expect(unknown, "DELAYED");
    peer.beat(late);
    peer.expect(id, "GRANTED");
    peer.declareWorker(late);
    assertEquals("x", peer.work(late).text());
  }

  @Test
  void workflow() throws Exception {
    String id = id();
    peer.request(id, "flow", "x");
    assertEquals("flow", peer.work(worker).header("regards.request.content_type"));
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"aGFsZg\\u003d\\u003d\","
            + "\"additionalHeaders\":{\"hint\":\"h\",\"number\":1,\"regards.tenant\":\"no\"}}");
    Message second = peer.work(next);
    assertEquals("half", second.text());
    assertEquals("h", second.header("hint"));
    assertNull(second.header("number"));
    assertEquals(tenant(), second.header("regards.tenant"));
    assertEquals("flow", second.header("regards.request.content_type"));
    peer.succeed(id, "whole");
    assertEquals(
        "whole", new String(peer.expect(id, "GRANTED", "GRANTED", "SUCCESS").content(), UTF_8));
  }

  @Test
  void deadLetter() throws Exception {
    String id = id();
    peer.request(id, "work", "x");
    peer.expect(id, "GRANTED");
    peer.reject(worker);
    peer.expect(id, "ERROR");
  }

  @Test
  void deadLetterOfASpringWorker() throws Exception {
    String id = id();
    peer.request(id, "work", "x");
    Message request = peer.work(worker);
    Map<String, Object> headers = new HashMap<>(request.properties().getHeaders());
    headers.put("x-exception-stacktrace", "at some.where\n".repeat(4_000));
    peer.deadLetter(headers, request.body());
    String error = peer.expect(id, "GRANTED", "ERROR").json().path("messages").path(1).asText();
    assertEquals("at some.where\n".repeat(4_000), error);
  }

  @Test
  void skipped() throws Exception {
    String id = id();
    peer.request(id, "skipped", "x");
    peer.expect(id, "SKIPPED");
    Map<String, Object> headers = peer.headers(id, "work");
    headers.remove("regards.request.owner");
    headers.put("regards.request.session", 12);
    peer.request(headers, 0, new byte[0]);
    String reason = peer.expect(id, "SKIPPED").firstMessage();
    assertTrue(reason.contains("owner") && reason.contains("session"), reason);
    peer.request(peer.headers(id, "x".repeat(256)), 0, new byte[0]);
    assertTrue(peer.expect(id, "SKIPPED").firstMessage().contains("content_type"));
    peer.request(id, "nobody does this", "x");
    peer.request(id, "work", "x");
    peer.expect(id, "DELAYED", "SKIPPED");
    assertAllIsWell();
  }

  @Test
  void requestsThatNobodyCanBeAnsweredAboutAreSetAside() throws Exception {
    Map<String, Object> noTenant = peer.headers(id(), "work");
    noTenant.remove("regards.tenant");
    Map<String, Object> noId = peer.headers(id(), "work");
    noId.put("regards.request.id", 5);
    Map<String, Object> unserved = peer.headers(id(), "work");
    unserved.put("regards.tenant", "somebody else's");
    Map<String, Object> longId = peer.headers("x".repeat(256), "work");
    Map<String, Object> zero = peer.headers("a\u0000b", "work");
    for (Map<String, Object> headers : List.of(noTenant, noId, unserved, longId, zero)) {
      headers.put("large", "h".repeat(50_000));
      peer.request(headers, 0, "kept".getBytes(UTF_8));
      Message aside = peer.setAside();
      assertEquals("kept", aside.text());
      assertEquals("h".repeat(50_000), aside.header("large"));
      assertTrue(aside.header("x-exception-message").length() > 10);
      assertTrue(aside.header("x-original-exchange").endsWith("RequestEvent"));
      assertTrue(aside.header("x-death-queue").endsWith("RequestHandler"));
      assertEquals(stage.instance(), aside.header("worker-manager.origin"));
    }
    assertAllIsWell();
  }

  @Test
  void repliesThatCannotBeReadAreSetAside() throws Exception {
    Map<String, Object> about = Map.of("regards.tenant", tenant(), "regards.request.id", id());
    List<String> bodies =
        List.of(
            "",
            "null",
            "[]",
            "no json",
            "{\"status\":\"SUCCESS\"} more",
            "{}",
            "{\"status\":\"MAYBE\"}",
            "{\"status\":1}",
            "{\"status\":\"SUCCESS\",\"content\":\"%%\"}",
            "{\"status\":\"SUCCESS\",\"content\":{}}",
            "[".repeat(10_000) + "]".repeat(10_000),
            "{\"messages\":" + "[".repeat(10_000));
    for (String body : bodies) {
      peer.reply(about, body.getBytes(UTF_8));
      Message aside = peer.setAside();
      assertEquals(body, aside.text());
      assertTrue(aside.header("x-exception-message").length() > 10);
    }
    peer.reply(Map.of("regards.tenant", tenant()), "{\"status\":\"SUCCESS\"}".getBytes(UTF_8));
    assertTrue(peer.setAside().header("x-exception-message").contains("regards.request.id"));
    assertAllIsWell();
  }

  @Test
  void heartbeatsThatCannotBeReadAreSetAside() throws Exception {
    for (String body :
        List.of(
            "",
            "null",
            "no json",
            "{}",
            "{\"id\":1,\"type\":\"x\",\"heartBeatDate\":\"2024-08-02T09:45:10Z\"}",
            "{\"id\":\"1\",\"type\":\"x\",\"heartBeatDate\":\"yesterday\"}",
            "[".repeat(10_000))) {
      peer.beat(body.getBytes(UTF_8));
      assertEquals(body, peer.setAside().text());
    }
    assertAllIsWell();
  }

  @Test
  void repliesOfOddFormsAreTaken() throws Exception {
    String id = id();
    peer.request(id, "work", "");
    assertEquals("", peer.work(worker).text());
    peer.reply(id(), "{\"status\":\"SUCCESS\"}");
    peer.reply(id, "{\"status\":\"ERROR\",\"messages\":[1,null,\"x\"],\"additionalHeaders\":[]}");
    peer.expect(id, "GRANTED", "ERROR");
    peer.reply(id, "{\"status\":\"SUCCESS\",\"content\":\"\",\"messages\":\"one\"}");
    assertEquals(0, peer.expect(id, "SUCCESS").content().length);
  }

  @Test
  void twentyMegabytes() throws Exception {
    String id = id();
    peer.request(id, "work", "x".repeat(20_000_000));
    assertEquals(20_000_000, peer.work(worker).body().length);
    peer.succeed(id, "y".repeat(20_000_000));
    assertEquals(20_000_000, peer.expect(id, "GRANTED", "SUCCESS").content().length);
  }

  @Test
  void aDeletedWorkerQueueIsDeclaredAgain() throws Exception {
    assertAllIsWell();
    peer.deleteQueue(worker);
    String id = id();
    peer.request(id, "work", "again");
    peer.awaitQueue(worker);
    assertEquals("again", peer.work(worker).text());
    peer.succeed(id, "done");
    peer.expect(id, "GRANTED", "SUCCESS");
  }

  @Test
  void aDispatchThatIsOverIsNotTakenForTheCurrentOne() throws Exception {
    String id = id();
    peer.request(id, "flow", "x");
    String first = peer.work(worker).header("worker-manager.dispatch");
    peer.succeed(id, "half");
    peer.work(next);
    Map<String, Object> late =
        Map.of(
            "regards.tenant", tenant(), "regards.request.id", id, "worker-manager.dispatch", first);
    peer.reply(late, "{\"status\":\"ERROR\"}".getBytes(UTF_8));
    peer.succeed(id, "whole");
    peer.expect(id, "GRANTED", "GRANTED", "SUCCESS");
  }

  @Test
  void manyAtOnce() throws Exception {
    for (int i = 0; i < 500; i++) {
      peer.requestUnconfirmed("many-" + i, "work", "x");
    }
    for (int i = 0; i < 500; i++) {
      String id = peer.work(worker).header("regards.request.id");
      peer.succeed(id, id);
      assertEquals(id, new String(peer.expect(id, "GRANTED", "SUCCESS").content(), UTF_8));
    }
    assertEquals(0, peer.waitingFor(worker));
  }
}
