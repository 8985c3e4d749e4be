package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;

/** Requests that come back as dead letters (PROTOCOL section 6), and errors that are not kept. */
abstract class DeadLetterScenarios extends Scenarios {

  DeadLetterScenarios(Stage stage) {
    super(stage);
  }

  @BeforeEach
  void configure() {
    stage.configure(
        tenant(),
        new ConfigurationUpdate(
            true,
            List.of(
                worker("Work", "work", "half"),
                worker("Next", "half", null),
                new WorkerConfiguration(type("Careless"), List.of("careless"), "half", false)),
            List.of(
                flow(step(1, "Work"), step(2, "Next")),
                new WorkflowConfiguration(
                    "careless flow", List.of(step(1, "Work"), step(2, "Next")), false)),
            List.of()));
  }

  /** Submits a request that this worker takes. */
  private Message dispatched(String id, String contentType, String name) throws Exception {
    peer.request(id, contentType, "x");
    Message request = work(name);
    assertEquals(id, request.header("regards.request.id"));
    return request;
  }

  /** As Spring's recoverer publishes again what a worker could not do. */
  private void fail(Message request, Object stackTrace) throws Exception {
    Map<String, Object> headers = new HashMap<>(request.properties().getHeaders());
    headers.put("x-exception-stacktrace", stackTrace);
    headers.put("x-exception-message", "short");
    headers.put("x-original-exchange", "some");
    headers.put("x-original-routingKey", "#");
    peer.deadLetter(headers, request.body());
  }

  /** The error is still held, until the worker succeeds after all. */
  private void assertKept(String id, String contentType) throws Exception {
    peer.request(id, contentType, "the same id");
    assertTrue(peer.expect(id, "SKIPPED").firstMessage().contains("already held"));
    peer.succeed(id, "after all");
    peer.expect(id, "SUCCESS");
  }

  @Test
  void theStackTraceIsTheErrorHoweverLong() throws Exception {
    alive("Work");
    for (String line : List.of("at some.where\n", "at d\u00e9j\u00e0.vu\n")) {
      for (int size : List.of(10, 50_000, 100_000)) {
        String trace = line.repeat(size / line.length());
        String id = id();
        fail(dispatched(id, "work", "Work"), trace);
        Message error = peer.expect(id, "GRANTED", "ERROR");
        assertEquals(trace, error.workersMessage());
        assertEquals(type("Work"), error.header("regards.worker_id"));
        assertTrue(error.json().path("content").isMissingNode());
        assertKept(id, "work");
      }
    }
  }

  @Test
  void aStackTraceWrittenAsBytesIsTheErrorToo() throws Exception {
    alive("Work");
    String trace = "at d\u00e9j\u00e0.vu\n".repeat(4_000);
    String id = id();
    fail(dispatched(id, "work", "Work"), trace.getBytes(UTF_8));
    assertEquals(trace, peer.expect(id, "GRANTED", "ERROR").workersMessage());
  }

  @Test
  void aStackTraceWithWhatDatabasesRefuseIsKeptWithoutThat() throws Exception {
    alive("Work");
    String id = id();
    fail(dispatched(id, "work", "Work"), "a\u0000b");
    assertEquals("a\uFFFDb", peer.expect(id, "GRANTED", "ERROR").workersMessage());
  }

  @Test
  void withoutAStackTraceThereIsAReasonToo() throws Exception {
    alive("Work");
    String id = id();
    Message request = dispatched(id, "work", "Work");
    peer.deadLetter(request.properties().getHeaders(), request.body());
    assertNotEquals("", peer.expect(id, "GRANTED", "ERROR").workersMessage());
    String odd = id();
    fail(dispatched(odd, "work", "Work"), 12);
    assertEquals("short", peer.expect(odd, "GRANTED", "ERROR").workersMessage());
  }

  private void assertDead(String id, String reason) throws Exception {
    assertReason(peer.expect(id, "GRANTED", "ERROR"), reason);
  }

  private void assertReason(Message error, String reason) {
    String why = error.workersMessage();
    assertTrue(why.contains("dead-lettered"), why);
    if (stage.onRabbitMq()) {
      assertTrue(why.contains(reason), why);
    }
  }

  @Test
  void aRejectedRequestIsAnError() throws Exception {
    alive("Work");
    String id = id();
    peer.request(id, "work", "x");
    peer.reject(type("Work"));
    assertDead(id, "rejected");
    assertKept(id, "work");
  }

  @Test
  void aRequestThatExpiresOnItsWorkersQueueIsAnError() throws Exception {
    peer.declareWorker(type("Work"), Map.of("x-max-priority", 255, "x-message-ttl", 100));
    beat("Work");
    String id = id();
    peer.request(id, "work", "x");
    peer.expect(id, "GRANTED");
    Message error = peer.responseWhileTaking(id, type("Work"));
    assertEquals("ERROR", error.state());
    assertReason(error, "expired");
  }

  @Test
  void aRequestThatDoesNotFitOnItsWorkersQueueIsAnError() throws Exception {
    assumeTrue(stage.onRabbitMq(), "the embedded broker knows no x-max-length");
    peer.declareWorker(type("Work"), Map.of("x-max-priority", 255, "x-max-length", 1));
    beat("Work");
    String first = id();
    peer.request(first, "work", "x");
    peer.awaitWaiting(type("Work"), 1);
    String second = id();
    peer.request(second, "work", "x");
    assertDead(first, "maxlen");
    peer.expect(second, "GRANTED");
    assertEquals(second, work("Work").header("regards.request.id"));
  }

  @Test
  void aStepThatFailsIsAnErrorOfItsWorker() throws Exception {
    alive("Work", "Next");
    String id = id();
    dispatched(id, "flow", "Work");
    peer.succeed(id, "y");
    fail(work("Next"), "why");
    Message error = peer.expect(id, "GRANTED", "GRANTED", "ERROR");
    assertEquals("why", error.workersMessage());
    assertEquals(type("Next"), error.header("regards.worker_id"));
    assertKept(id, "flow");
  }

  @Test
  void aDeadLetterOfWhatIsFinishedOrNeverWasIsDropped() throws Exception {
    alive("Work");
    String id = id();
    Message request = dispatched(id, "work", "Work");
    peer.succeed(id, "y");
    peer.expect(id, "GRANTED", "SUCCESS");
    fail(request, "late");
    // the next one of that id is another request
    Message again = dispatched(id, "work", "Work");
    fail(request, "late");
    fail(again, "why");
    assertEquals("why", peer.expect(id, "GRANTED", "ERROR").workersMessage());
    assertKept(id, "work");
  }

  @Test
  void aDeadLetterAfterAnErrorIsAnErrorAgain() throws Exception {
    alive("Work");
    String id = id();
    Message request = dispatched(id, "work", "Work");
    peer.reply(id, "{\"status\":\"ERROR\"}");
    peer.expect(id, "GRANTED", "ERROR");
    fail(request, "why");
    assertEquals("why", peer.expect(id, "ERROR").workersMessage());
    assertKept(id, "work");
  }

  @Test
  void errorsAreAnsweredAndNotKeptWhereThatIsConfigured() throws Exception {
    alive("Work", "Next", "Careless");
    String id = id();
    // the same id all the time: it is free again after each error
    fail(dispatched(id, "careless", "Careless"), "why");
    assertEquals("why", peer.expect(id, "GRANTED", "ERROR").workersMessage());
    for (String status : List.of("ERROR", "INVALID_CONTENT")) {
      dispatched(id, "careless", "Careless");
      peer.reply(id, "{\"status\":\"" + status + "\",\"messages\":[\"why\"]}");
      assertEquals("why", peer.expect(id, "GRANTED", status).workersMessage());
    }
    peer.request(id, "careless", "x");
    peer.reject(type("Careless"));
    assertDead(id, "rejected");
    dispatched(id, "careless flow", "Work");
    peer.succeed(id, "y");
    fail(work("Next"), "why");
    peer.expect(id, "GRANTED", "GRANTED", "ERROR");
    dispatched(id, "careless flow", "Work");
    peer.reply(id, "{\"status\":\"SUCCESS\"}");
    peer.expect(id, "GRANTED", "ERROR");
    dispatched(id, "work", "Work");
    peer.succeed(id, "y");
    peer.expect(id, "GRANTED", "SUCCESS");
  }

  @Test
  void aDeadLetterThatNamesNoRequestIsSetAside() throws Exception {
    peer.deadLetter(Map.of("x-exception-stacktrace", "why"), "kept".getBytes(UTF_8));
    Message aside = peer.setAside();
    assertEquals("kept", aside.text());
    assertTrue(aside.header("x-exception-message").contains("regards.tenant"));
    assertEquals("why", aside.header("x-exception-stacktrace"));
  }
}
