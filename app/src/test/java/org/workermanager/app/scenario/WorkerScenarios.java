package org.workermanager.app.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is alive, as operators see it over HTTP. */
abstract class WorkerScenarios extends Scenarios {

  WorkerScenarios(Stage stage) {
    super(stage);
  }

  private static Instant instant(JsonNode json, String field) {
    return Instant.parse(json.path(field).asText());
  }

  @Test
  void eachInstanceIsShownWithItsFirstAndLastBeat() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    assertFalse(operator().workerType(type("Work")).path("alive").asBoolean());
    peer.beat(type("Work"), "a");
    peer.beat(type("Work"), "b");
    await("both to be shown")
        .until(() -> operator().workerType(type("Work")).path("nbInstance").asInt() == 2);
    JsonNode before = operator().workerType(type("Work"));
    Instant firstBeat = instant(before.path("instances").path(0), "firstBeat");
    peer.beat(type("Work"), "a");
    await("the second beat to be shown")
        .until(
            () ->
                instant(operator().workerType(type("Work")).path("instances").path(0), "lastBeat")
                    .isAfter(firstBeat));
    JsonNode shown = operator().workerType(type("Work"));
    JsonNode a = shown.path("instances").path(0);
    JsonNode b = shown.path("instances").path(1);
    assertEquals("a b", a.path("instance").asText() + " " + b.path("instance").asText());
    assertEquals(firstBeat, instant(a, "firstBeat"));
    assertEquals(instant(b, "firstBeat"), instant(b, "lastBeat"));
    assertEquals(firstBeat, instant(shown, "firstBeat"));
    assertEquals(instant(a, "lastBeat"), instant(shown, "lastBeat"));
    assertTrue(shown.path("alive").asBoolean());
    assertTrue(shown.path("configured").asBoolean());
    assertFalse(shown.path("paused").asBoolean());
    assertEquals(0, shown.path("overdue").asInt());
  }

  @Test
  void workersAreFoundByWhatTheyAcceptForATenant() throws Exception {
    configure(
        List.of(
            worker("A", "a", null), worker("B", "b & c", null), worker("Silent", "silent", null)));
    alive("A", "B", "Unknown");
    assertEquals(List.of(type("A"), type("B")), workers("/workers"));
    assertEquals(
        List.of(type("B")), workers("/workers?contentTypes=b%20%26%20c&contentTypes=silent"));
    assertEquals(
        List.of(type("A"), type("B")), workers("/workers?contentTypes=b%20%26%20c&contentTypes=a"));
    assertEquals(List.of(), workers("/workers?contentTypes=other"));
    assertFalse(operator().workerType(type("Unknown")).path("configured").asBoolean());
  }

  private List<String> workers(String path) throws Exception {
    List<String> found = new ArrayList<>();
    for (JsonNode each : operator().get(path).json()) {
      assertEquals(1, each.path("nbInstance").asInt());
      found.add(each.path("workerType").asText());
    }
    found.sort(null);
    return found;
  }

  @Test
  void whatHappenedToARequestIsShownWithItsTimes() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    Instant begun = Instant.now().minusSeconds(1);
    String id = id();
    peer.request(id, "work", "x");
    peer.expect(id, "DELAYED");
    alive("Work");
    peer.expect(id, "GRANTED");
    work("Work");
    peer.reply(id, "{\"status\":\"RUNNING\"}");
    operator().awaitStatus(id, "RUNNING");
    peer.reply(id, "{\"status\":\"ERROR\",\"messages\":[\"out of paper\"]}");
    peer.expect(id, "ERROR");
    operator().done(operator().retry("{}"));
    peer.expect(id, "GRANTED");
    List<String> told = new ArrayList<>();
    Instant last = begun;
    JsonNode shown = operator().show(id);
    for (JsonNode entry : shown.path("history")) {
      told.add(entry.path("status").asText() + ": " + entry.path("detail").asText());
      assertEquals(type("Work"), entry.path("workerType").asText(), entry.toString());
      Instant at = instant(entry, "at");
      assertFalse(at.isBefore(last), shown.toString());
      last = at;
    }
    assertEquals(instant(shown, "since"), last);
    assertFalse(last.isAfter(Instant.now().plusSeconds(1)), shown.toString());
    assertEquals(
        List.of(
            "NO_WORKER_AVAILABLE: No worker '" + type("Work") + "' is alive.",
            "DISPATCHED: ",
            "RUNNING: ",
            "ERROR: out of paper",
            "DISPATCHED: An operator retried it from ERROR."),
        told);
  }

  @Test
  void noMoreThanTheLastTwentyThingsThatHappenedAreShown() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String id = id();
    peer.request(id, "work", "x");
    peer.expect(id, "GRANTED");
    for (int i = 0; i < 12; i++) {
      peer.reply(id, "{\"status\":\"ERROR\",\"messages\":[\"error " + i + "\"]}");
      peer.expect(id, "ERROR");
      operator().done(operator().retry("{}"));
      peer.expect(id, "GRANTED");
    }
    JsonNode history = operator().show(id).path("history");
    assertEquals(20, history.size());
    assertEquals("error 2", history.path(0).path("detail").asText());
    assertEquals("DISPATCHED", history.path(19).path("status").asText());
  }
}
