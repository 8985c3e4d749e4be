package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.app.scenario.Peer.Message;
import org.workermanager.app.service.ServiceListener;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.app.service.WorkerManagerService;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/**
 * What requesters and workers live through, seen from the wire alone; subclasses say on what it
 * runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Scenarios {

  /** Worker types of this run only: a shared broker keeps queues of others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  private final String worker = "Work-" + run;
  private final String next = "Next-" + run;
  private final String late = "Late-" + run;
  private Services services;
  private WorkerManagerService service;
  private Peer peer;

  abstract Services services() throws Exception;

  @BeforeAll
  void start() throws Exception {
    services = services();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    ServiceSettings settings =
        new ServiceSettings(
            AmqpSettings.of(services.broker(), "test-" + run, Duration.ofSeconds(60)),
            services.database(),
            List.of(Peer.TENANT),
            Map.of(),
            false);
    service =
        new WorkerManagerService(
            settings,
            new ServiceListener() {
              @Override
              public void ready() {
                ready.complete(null);
              }
            });
    service.start();
    ready.get(60, TimeUnit.SECONDS);
    service
        .manager()
        .configure(
            Peer.TENANT,
            new ConfigurationUpdate(
                true,
                List.of(
                    new WorkerConfiguration(worker, List.of("work"), "half", true),
                    new WorkerConfiguration(next, List.of("half"), null, true),
                    new WorkerConfiguration(late, List.of("late"), null, true)),
                List.of(
                    new WorkflowConfiguration(
                        "flow",
                        List.of(new WorkflowStep(7, next), new WorkflowStep(3, worker)),
                        true)),
                List.of("skipped")));
    peer = new Peer(services.broker());
    alive(worker);
    alive(next);
  }

  @AfterAll
  void stop() throws Exception {
    for (String type : List.of(worker, next, late)) {
      peer.deleteQueue(type);
    }
    peer.close();
    service.close();
    services.close().run();
  }

  private void alive(String type) throws Exception {
    peer.declareWorker(type);
    peer.beat(type);
    while (!service.manager().workers().containsKey(type)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static String id() {
    return UUID.randomUUID().toString();
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
    peer.request(Peer.headers(id, "work"), 7, body);
    Message granted = peer.expect(id, "GRANTED");
    assertEquals(Peer.TENANT, granted.header("regards.tenant"));
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
    for (Map.Entry<String, Object> header : Peer.headers(id, "work").entrySet()) {
      assertEquals(header.getValue(), request.header(header.getKey()));
    }

    peer.reply(id, "{\"status\":\"RUNNING\"}");
    peer.succeed(id, "=> done <");
    Message success = peer.expect(id, "SUCCESS");
    assertEquals("=> done <", new String(success.content(), UTF_8));
    assertEquals("well", success.json().path("messages").path(1).asText());
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
    assertEquals(Peer.TENANT, second.header("regards.tenant"));
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
    peer.publish("regards.worker.manager.request.dlq", "", headers, 0, request.body());
    String error = peer.expect(id, "GRANTED", "ERROR").json().path("messages").path(1).asText();
    assertEquals("at some.where\n".repeat(4_000), error);
  }

  @Test
  void skipped() throws Exception {
    String id = id();
    peer.request(id, "skipped", "x");
    peer.expect(id, "SKIPPED");
    Map<String, Object> headers = Peer.headers(id, "work");
    headers.remove("regards.request.owner");
    headers.put("regards.request.session", 12);
    peer.request(headers, 0, new byte[0]);
    String reason = peer.expect(id, "SKIPPED").firstMessage();
    assertTrue(reason.contains("owner") && reason.contains("session"), reason);
    peer.request(Peer.headers(id, "x".repeat(256)), 0, new byte[0]);
    assertTrue(peer.expect(id, "SKIPPED").firstMessage().contains("content_type"));
    peer.request(id, "nobody does this", "x");
    peer.request(id, "work", "x");
    peer.expect(id, "DELAYED", "SKIPPED");
    assertAllIsWell();
  }

  @Test
  void requestsThatNobodyCanBeAnsweredAboutAreSetAside() throws Exception {
    Map<String, Object> noTenant = Peer.headers(id(), "work");
    noTenant.remove("regards.tenant");
    Map<String, Object> noId = Peer.headers(id(), "work");
    noId.put("regards.request.id", 5);
    Map<String, Object> unserved = Peer.headers(id(), "work");
    unserved.put("regards.tenant", "somebody else's");
    Map<String, Object> longId = Peer.headers("x".repeat(256), "work");
    Map<String, Object> zero = Peer.headers("a\u0000b", "work");
    for (Map<String, Object> headers : List.of(noTenant, noId, unserved, longId, zero)) {
      headers.put("large", "h".repeat(50_000));
      peer.request(headers, 0, "kept".getBytes(UTF_8));
      Message aside = peer.setAside();
      assertEquals("kept", aside.text());
      assertEquals("h".repeat(50_000), aside.header("large"));
      assertTrue(aside.header("x-exception-message").length() > 10);
      assertTrue(aside.header("x-original-exchange").endsWith("RequestEvent"));
      assertTrue(aside.header("x-death-queue").endsWith("RequestHandler"));
      assertEquals("test-" + run, aside.header("worker-manager.origin"));
    }
    assertAllIsWell();
  }

  @Test
  void repliesThatCannotBeReadAreSetAside() throws Exception {
    Map<String, Object> about = Map.of("regards.tenant", Peer.TENANT, "regards.request.id", id());
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
    peer.reply(Map.of("regards.tenant", Peer.TENANT), "{\"status\":\"SUCCESS\"}".getBytes(UTF_8));
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
            "regards.tenant",
            Peer.TENANT,
            "regards.request.id",
            id,
            "worker-manager.dispatch",
            first);
    peer.reply(late, "{\"status\":\"ERROR\"}".getBytes(UTF_8));
    peer.succeed(id, "whole");
    peer.expect(id, "GRANTED", "GRANTED", "SUCCESS");
  }

  @Test
  void manyAtOnce() throws Exception {
    for (int i = 0; i < 500; i++) {
      peer.request("many-" + run + i, "work", "x");
    }
    for (int i = 0; i < 500; i++) {
      String id = peer.work(worker).header("regards.request.id");
      peer.succeed(id, id);
      assertEquals(id, new String(peer.expect(id, "GRANTED", "SUCCESS").content(), UTF_8));
    }
    assertEquals(0, peer.waitingFor(worker));
  }
}
