package org.workermanager.domain.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerRegistryTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos =
      Long.MAX_VALUE - 1_000_000_000L; // about to overflow, as any origin is allowed
  private final List<String> wrong = new ArrayList<>();
  private final WorkerRegistry registry =
      new WorkerRegistry(Duration.ofSeconds(60), () -> now, () -> nanos);

  private Beat beat(String instance, Instant date) {
    return registry.beat(new Heartbeat(instance, "A", date), beat -> wrong.add(beat.instance()));
  }

  private void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void aTypeIsAliveWhileAnInstanceBeatWithinTheExpiry() {
    assertFalse(registry.isAlive("A"));
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now));
    assertEquals(Beat.COUNTED, beat("2", now));
    assertEquals(Map.of("A", 2), registry.instanceCounts());
    pass(Duration.ofSeconds(40));
    assertEquals(Beat.COUNTED, beat("2", now));
    pass(Duration.ofSeconds(59));
    assertTrue(registry.isAlive("A"));
    assertFalse(registry.isAlive("a"));
    assertEquals(Map.of("A", 1), registry.instanceCounts());
    pass(Duration.ofSeconds(1));
    assertFalse(registry.isAlive("A"));
    assertEquals(Set.of(), registry.aliveTypes());
    assertEquals(List.of("A"), registry.forgetSilent());
    assertEquals(List.of(), registry.forgetSilent());
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("2", now));
  }

  @Test
  void theTimeOfDayMayJump() {
    beat("1", now);
    now = now.plus(HOUR);
    assertTrue(registry.isAlive("A"));
    now = now.minus(HOUR.multipliedBy(2));
    assertEquals(Beat.COUNTED, beat("1", now));
  }

  @Test
  void aDateInTheFutureProlongsNothing() {
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now.plus(HOUR)));
    pass(Duration.ofSeconds(60));
    assertFalse(registry.isAlive("A"));
  }

  @Test
  void aFirstBeatThatIsTooOldCountsOnceTheNextOneShowsAWrongClock() {
    assertEquals(Beat.TOO_OLD, beat("1", now.minus(HOUR)));
    assertFalse(registry.isAlive("A"));
    pass(Duration.ofSeconds(10));
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now.minus(HOUR)));
    pass(Duration.ofSeconds(10));
    assertEquals(Beat.COUNTED, beat("1", now.minus(HOUR)));
    assertEquals(List.of("1"), wrong);
  }

  @Test
  void oneThatBeatsAsSeldomAsTheExpiryIsRecognisedAllTheSame() {
    assertEquals(Beat.TOO_OLD, beat("1", now.minus(HOUR)));
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofSeconds(60));
      registry.forgetSilent();
      assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now.minus(HOUR)));
    }
    assertEquals(List.of("1"), wrong);
  }

  @Test
  void anOldBeatOfOneThatHasExpiredDoesNotCount() {
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now));
    pass(Duration.ofSeconds(100));
    assertEquals(Beat.TOO_OLD, beat("1", now.minusSeconds(90)));
    assertFalse(registry.isAlive("A"));
  }

  @Test
  void oldBeatsThatArriveInOneGoDoNotCount() {
    for (int i = 0; i < 10; i++) {
      assertEquals(Beat.TOO_OLD, beat("1", now.minus(HOUR).plusSeconds(4L * i)));
      nanos += 1_000_000;
    }
    assertEquals(List.of(), wrong);
  }
}
