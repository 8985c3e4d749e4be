package org.workermanager.app.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.workermanager.app.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.workermanager.app.scenario.Peer.Message;
import org.workermanager.domain.routing.WorkerConfiguration;

/**
 * Requests that a worker took, or may have taken, and that nobody answers. All of them at once: it
 * takes seconds until a worker is silent and a request overdue.
 */
abstract class DispatchTimeoutScenarios extends Scenarios {

  private static final Duration EXPIRY = Duration.ofMillis(1_500);
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> beatingNames = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
  private Peer beating;

  DispatchTimeoutScenarios(Stage stage) {
    super(stage);
  }

  @BeforeEach
  void restart() throws Exception {
    stage.restart(EXPIRY);
    beating = new Peer(stage.broker(), tenant());
  }

  @AfterEach
  void restartAsUsual() throws Exception {
    beats.shutdownNow();
    assertTrue(beats.awaitTermination(10, TimeUnit.SECONDS));
    beating.close();
    stage.restart(Instance.USUAL_EXPIRY);
  }

  private WorkerConfiguration impatient(String name) {
    return new WorkerConfiguration(type(name), List.of(name), null, true, TIMEOUT);
  }

  private void submit(String name) throws Exception {
    String id = name + " " + id();
    ids.put(name, id);
    peer.request(id, name, "of " + name);
    peer.expect(id, "GRANTED");
  }

  private long overdue(String name) throws Exception {
    return operator().workerType(type(name)).path("overdue").asLong();
  }

  @TestFactory
  List<DynamicTest> onlyWhatNobodyCanBeWorkingOnIsSentAgain() throws Exception {
    List<String> names =
        List.of("Vanished", "Late", "Both", "Busy", "Queued", "Holding", "Patient");
    List<WorkerConfiguration> workers =
        new ArrayList<>(names.stream().limit(6).map(this::impatient).toList());
    workers.add(worker("Patient", "Patient", null));
    configure(workers);
    for (String name : names) {
      declare(name);
    }
    beatingNames.addAll(names);
    beats.scheduleWithFixedDelay(this::beat, 0, 200, TimeUnit.MILLISECONDS);
    for (String name : names) {
      stage.awaitAlive(type(name));
      submit(name);
    }
    Collection<Message> held = peer.hold(type("Holding"));
    for (String name : List.of("Vanished", "Late", "Both", "Busy", "Patient")) {
      assertEquals("of " + name, work(name).text());
    }
    peer.reply(ids.get("Both"), "{\"status\":\"RUNNING\"}");
    beatingNames.retainAll(Set.of("Busy"));
    return List.of(
        dynamicTest("what workers took that vanished waits", this::whatVanishedWorkersTookWaits),
        dynamicTest("the next worker gets it", this::theNextWorkerGetsIt),
        dynamicTest("the first worker's late reply counts", this::theLateReplyCounts),
        dynamicTest("also when it was sent again", this::theLateReplyCountsAlsoWhenItWasSentAgain),
        dynamicTest("a busy worker that beats keeps it, which is shown", this::theBusyKeepIt),
        dynamicTest("what is still in the queue is not sent twice", this::whatIsQueuedIsThereOnce),
        dynamicTest(
            "what a consumer that does not beat has taken is not sent twice",
            () -> whatIsHeldIsLeftAlone(held)),
        dynamicTest("without a time-out nothing happens", this::withoutTimeOutNothingHappens));
  }

  private void beat() {
    try {
      for (String name : beatingNames) {
        beating.beat(type(name));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void whatVanishedWorkersTookWaits() throws Exception {
    for (String name : List.of("Vanished", "Late", "Both")) {
      Message delayed = peer.expect(ids.get(name), "DELAYED");
      assertTrue(delayed.firstMessage().contains("has answered within"), delayed.firstMessage());
      assertEquals("NO_WORKER_AVAILABLE", operator().status(ids.get(name)));
      assertEquals(0, overdue(name));
    }
    List<String> told = new ArrayList<>();
    for (JsonNode entry : operator().show(ids.get("Both")).path("history")) {
      told.add(entry.path("status").asText());
    }
    assertEquals(List.of("DISPATCHED", "RUNNING", "NO_WORKER_AVAILABLE"), told);
  }

  private void theNextWorkerGetsIt() throws Exception {
    String id = ids.get("Vanished");
    peer.beat(type("Vanished"), "another");
    peer.expect(id, "GRANTED");
    assertEquals("of Vanished", work("Vanished").text());
    peer.succeed(id, "again");
    assertEquals("again", text(peer.expect(id, "SUCCESS").content()));
  }

  private void theLateReplyCounts() throws Exception {
    String id = ids.get("Late");
    peer.succeed(id, "late");
    assertEquals("late", text(peer.expect(id, "SUCCESS").content()));
    beat("Late");
    assertEquals(0, peer.waitingFor(type("Late")));
  }

  private void theLateReplyCountsAlsoWhenItWasSentAgain() throws Exception {
    String id = ids.get("Both");
    peer.beat(type("Both"));
    peer.expect(id, "GRANTED");
    peer.succeed(id, "first");
    assertEquals("first", text(peer.expect(id, "SUCCESS").content()));
    work("Both");
  }

  private void assertShownAsOverdue(String name) throws Exception {
    await(name + " to be shown as overdue").until(() -> overdue(name) == 1);
    assertEquals("DISPATCHED", operator().status(ids.get(name)));
    assertEquals(List.of(), peer.heard(ids.get(name)));
  }

  private void theBusyKeepIt() throws Exception {
    assertShownAsOverdue("Busy");
    assertTrue(operator().workerType(type("Busy")).path("alive").asBoolean());
    String id = ids.get("Busy");
    peer.succeed(id, "done");
    peer.expect(id, "SUCCESS");
    assertEquals(0, peer.waitingFor(type("Busy")));
  }

  private void whatIsQueuedIsThereOnce() throws Exception {
    assertShownAsOverdue("Queued");
    String id = ids.get("Queued");
    beat("Queued");
    assertEquals(id, work("Queued").header("regards.request.id"));
    peer.succeed(id, "x");
    peer.expect(id, "SUCCESS");
    assertEquals(0, peer.waitingFor(type("Queued")));
  }

  private void whatIsHeldIsLeftAlone(Collection<Message> held) throws Exception {
    assertShownAsOverdue("Holding");
    assertEquals(1, held.size());
  }

  private void withoutTimeOutNothingHappens() throws Exception {
    assertEquals("DISPATCHED", operator().status(ids.get("Patient")));
    assertEquals(0, overdue("Patient"));
  }
}
