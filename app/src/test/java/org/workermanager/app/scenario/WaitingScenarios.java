package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;

/** Requests that wait, and heartbeats that end that (PROTOCOL sections 4 and 7). */
abstract class WaitingScenarios extends Scenarios {

  WaitingScenarios(Stage stage) {
    super(stage);
  }

  private String waiting(String contentType) throws Exception {
    String id = id();
    peer.request(id, contentType, "of " + id);
    peer.expect(id, "DELAYED");
    return id;
  }

  private void assertGoes(String id, String name) throws Exception {
    peer.expect(id, "GRANTED");
    Message request = work(name);
    assertEquals(id, request.header("regards.request.id"));
    assertEquals("of " + id, request.text());
  }

  @Test
  void theFirstHeartbeatEndsIt() throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Other", "other", null)));
    String id = waiting("work");
    String other = waiting("other");
    declare("Work");
    peer.beat(type("Work"));
    assertGoes(id, "Work");
    declare("Other");
    peer.beat(type("Other"));
    assertGoes(other, "Other");
  }

  @Test
  void itWaitsWhereNothingIsConfiguredUntilSomethingIs() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String id = id();
    peer.request(id, "other", "of " + id);
    Message delayed = peer.expect(id, "DELAYED");
    assertTrue(delayed.firstMessage().contains("'other'"), delayed.firstMessage());
    assertNull(delayed.header("regards.worker_id"));
    configure(List.of(worker("Work", "other", null)));
    assertGoes(id, "Work");
  }

  @Test
  void aWorkerMayHaveBeatenBeforeItIsConfigured() throws Exception {
    alive("Work");
    configure(List.of(worker("Work", "work", null)));
    String id = id();
    peer.request(id, "work", "of " + id);
    assertGoes(id, "Work");
  }

  @Test
  void aHeartbeatHasManyForms() throws Exception {
    OffsetDateTime now = OffsetDateTime.now(ZoneOffset.ofHoursMinutes(5, 30));
    List<String> dates =
        List.of(
            now.toString(),
            now.withOffsetSameInstant(ZoneOffset.UTC).withNano(123_456_789).toString(),
            now.withNano(0).withSecond(1).plusDays(400).toInstant().toString());
    for (int i = 0; i < dates.size(); i++) {
      String name = "Form" + i;
      configure(List.of(worker(name, "form " + i, null)));
      String id = waiting("form " + i);
      declare(name);
      peer.beat(
          Map.of("regards.tenant", "nobody's"),
          "{\"id\":\"%s\",\"type\":\"%s\",\"heartBeatDate\":\"%s\",\"more\":{\"a\":[1]}}"
              .formatted(id(), type(name), dates.get(i))
              .getBytes(UTF_8));
      assertGoes(id, name);
    }
  }

  private void beat(String instance, String name, Instant date) throws Exception {
    peer.beat(
        "{\"id\":\"%s\",\"type\":\"%s\",\"heartBeatDate\":\"%s\"}"
            .formatted(instance, type(name), date)
            .getBytes(UTF_8));
  }

  @Test
  void anOldHeartbeatDoesNotCountUntilItsClockIsKnownToBeWrong() throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Seen", "seen", null)));
    declare("Work");
    Duration behind = Duration.ofHours(3);
    beat("1", "Work", Instant.now().minus(behind));
    // heartbeats are taken in order: when this one was heard, so was the one before
    alive("Seen");
    String id = waiting("work");
    beat("2", "Work", Instant.now().minus(behind));
    // again and again, as the living do: one that is delivered late here, and the next one at once,
    // are not dated as far apart as they arrive
    await("the worker to be known")
        .until(
            () -> {
              beat("1", "Work", Instant.now().minus(behind));
              return !peer.heard(id).isEmpty();
            });
    assertGoes(id, "Work");
  }

  @Test
  void aTypeIsMatchedAsWrittenThoughItsQueueIsInLowerCase() throws Exception {
    configure(List.of(worker("WORK", "work", null), worker("Seen", "seen", null)));
    declare("WORK");
    peer.beat(type("Work"));
    alive("Seen");
    String id = waiting("work");
    peer.beat(type("WORK"));
    assertGoes(id, "WORK");
  }
}
