package org.workermanager.app.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What stays, and goes on, when a manager ends and another one begins. */
abstract class RestartScenarios extends Scenarios {

  private static final int MANY = 2_000;
  private static final String ERROR = "{\"status\":\"ERROR\",\"messages\":[\"why\"]}";
  private static final String SUCCESS = "{\"status\":\"SUCCESS\",\"content\":\"eA==\"}";

  RestartScenarios(Stage stage) {
    super(stage);
  }

  /** Something that runs, may throw, and gives nothing. */
  private interface Restart {
    void run() throws Exception;
  }

  /** Waits until a manager that begins now would know that this worker type is alive. */
  private void awaitRemembered(String name) throws Exception {
    await(type(name) + " to be remembered")
        .until(
            () -> {
              try (Instance beginner = stage.startAnother()) {
                return beginner.operator(tenant()).workerType(type(name)).path("alive").asBoolean();
              }
            });
  }

  @Test
  void aWorkerThatWasAliveIsTakenForAliveBeforeItBeatsAgain() throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Dead", "dead", null)));
    alive("Work");
    Instant before = firstBeat("Work");
    awaitRemembered("Work");
    stage.restart(Instance.USUAL_EXPIRY);
    // databases keep microseconds
    assertTrue(Duration.between(before, firstBeat("Work")).abs().toMillis() < 1);
    String id = id();
    peer.request(id, "work", "x");
    peer.expect(id, "GRANTED");
    assertEquals("x", work("Work").text());
    String other = id();
    peer.request(other, "dead", "x");
    peer.expect(other, "DELAYED");
  }

  private Instant firstBeat(String name) throws Exception {
    JsonNode instances = operator().workerType(type(name)).path("instances");
    assertEquals(1, instances.size());
    return Instant.parse(instances.path(0).path("firstBeat").asText());
  }

  @Test
  void whatOperatorsSetStays() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    operator().change("POST", "/worker-types/" + type("Work") + "/pause");
    String configuration = operator().get("/microservice/configuration").text();
    String id = id();
    peer.request(id, "work", "x");
    peer.expect(id, "DELAYED");
    String history = operator().show(id).path("history").toString();
    stage.restart(Instance.USUAL_EXPIRY);
    assertEquals(configuration, operator().get("/microservice/configuration").text());
    assertTrue(operator().workerType(type("Work")).path("paused").asBoolean());
    assertEquals(history, operator().show(id).path("history").toString());
    beat("Work");
    assertEquals("NO_WORKER_AVAILABLE", operator().status(id));
    operator().change("POST", "/worker-types/" + type("Work") + "/resume");
    peer.expect(id, "GRANTED");
  }

  @Test
  void aRetryThatEndsWithTheManagerLeavesWhatItDidNotReach() throws Exception {
    retryMany(() -> stage.restart(Instance.USUAL_EXPIRY));
  }

  @Test
  void aRetryThatIsBrokenOffIsFinishedAsFarAsItWent() throws Exception {
    retryMany(stage::breakOffAndRestart);
  }

  /** Retries many requests; when some are done, this happens. Then the others are retried. */
  private void retryMany(Restart restart) throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    awaitRemembered("Work");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      String id = "%s %04d".formatted(tenant(), i);
      ids.add(id);
      peer.requestUnconfirmed(id, "work", "of " + id);
    }
    for (String id : ids) {
      peer.expect(id, "GRANTED");
    }
    for (String id : ids) {
      peer.replyUnconfirmed(id, ERROR);
    }
    for (String id : ids) {
      peer.expect(id, "ERROR");
    }
    String retry = operator().retry("{}");
    Callable<Boolean> someAreDone = () -> operator().operation(retry).path("done").asLong() > 0;
    await("some to be retried").until(someAreDone);
    restart.run();

    // each is as it was, or dispatched and granted; no page is half done
    assertEquals(MANY, operator().count("{}"));
    String inState = "{\"statuses\":{\"values\":[\"%s\"],\"mode\":\"INCLUDE\"}}";
    await("all to be in one of two states")
        .until(
            () ->
                operator().count(inState.formatted("ERROR"))
                        + operator().count(inState.formatted("DISPATCHED"))
                    == MANY);
    long left = operator().count(inState.formatted("ERROR"));
    await("all that were retried to be granted")
        .until(() -> ids.stream().filter(id -> !peer.heard(id).isEmpty()).count() == MANY - left);
    JsonNode rest = operator().done(operator().retry("{}"));
    assertEquals(left, rest.path("done").asLong(), rest.toString());

    Map<String, Integer> worked = new ConcurrentHashMap<>();
    peer.work(
        type("Work"),
        request -> {
          worked.merge(request.header("regards.request.id"), 1, Integer::sum);
          return SUCCESS;
        });
    await("all to be answered").until(() -> operator().count("{}") == 0);
    // the first time was answered before the worker took it
    await("all to be dispatched again")
        .until(() -> ids.stream().filter(id -> worked.getOrDefault(id, 0) >= 2).count() == MANY);
    for (String id : ids) {
      await(id + " to be answered").until(() -> peer.heard(id).contains("SUCCESS"));
      List<String> heard = peer.heard(id);
      assertEquals("GRANTED", heard.get(0), id);
      assertFalse(heard.contains("ERROR"), id + ": " + heard);
    }
  }
}
