package org.workermanager.domain.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    assertEquals(2, registry.alive().size());
    pass(Duration.ofSeconds(40));
    assertEquals(Beat.COUNTED, beat("2", now));
    pass(Duration.ofSeconds(59));
    assertTrue(registry.isAlive("A"));
    assertFalse(registry.isAlive("a"));
    assertEquals(1, registry.alive().size());
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

  private KnownWorker known(String instance, Duration first, Duration last) {
    return new KnownWorker("A", instance, now.minus(first), now.minus(last));
  }

  @Test
  void aClockFarAheadIsHarmless() {
    for (int i = 0; i < 3; i++) {
      beat("1", now.plus(HOUR));
      assertTrue(registry.isAlive("A"));
      pass(Duration.ofSeconds(59));
      assertTrue(registry.isAlive("A"));
    }
    pass(Duration.ofSeconds(1));
    assertFalse(registry.isAlive("A"));
    assertEquals(List.of(), wrong, "only one that is behind is ever in doubt");
  }

  @Test
  void aFirstBeatMayBeAsOldAsTheExpiry() {
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now.minusSeconds(60)));
    assertEquals(Beat.TOO_OLD, beat("2", now.minusSeconds(60).minusNanos(1)));
  }

  @Test
  void anInstanceIsTakenAtItsWordAloneNotAtAnothers() {
    assertEquals(Beat.TOO_OLD, beat("1", now.minus(HOUR)));
    pass(Duration.ofSeconds(10));
    assertEquals(Beat.TOO_OLD, beat("2", now.minus(HOUR)), "another instance's first beat");
    assertFalse(registry.isAlive("A"));
  }

  @Test
  void aClockThatIsCorrectedOrJumpsBackGoesOnCounting() {
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now));
    pass(Duration.ofSeconds(10));
    assertEquals(Beat.COUNTED, beat("1", now.minus(HOUR)));
    pass(Duration.ofSeconds(10));
    assertEquals(Beat.COUNTED, beat("1", now));
    assertEquals(List.of(), wrong);
  }

  @Test
  void anOldBeatThatComesTwiceIsNotAlive() {
    Instant date = now.minus(HOUR);
    for (int i = 0; i < 5; i++) {
      assertEquals(Beat.TOO_OLD, beat("1", date));
      pass(Duration.ofSeconds(3));
    }
  }

  @Test
  void aTypeIsShownWithItsInstancesAndTheirBeats() {
    Instant first = now;
    beat("2", now);
    pass(Duration.ofSeconds(40));
    beat("1", now);
    Instant last = now;
    assertEquals(
        List.of(
            new WorkerTypeStatus(
                "A",
                first,
                last,
                List.of(
                    new KnownWorker("A", "1", last, last),
                    new KnownWorker("A", "2", first, first)))),
        registry.types());
    pass(Duration.ofSeconds(20));
    assertEquals(
        List.of(new KnownWorker("A", "1", last, last)), registry.types().get(0).instances());
    assertTrue(registry.types().get(0).isAlive());
  }

  @Test
  void aBeatThatDoesNotCountIsShownAsNothing() {
    beat("1", now.minus(HOUR));
    assertEquals(List.of(), registry.types());
    assertEquals(List.of(), registry.alive());
    beat("2", now);
    assertEquals(1, registry.types().get(0).instances().size());
  }

  @Test
  void aSilentTypeIsShownForADay() {
    Instant first = now;
    beat("1", now);
    pass(Duration.ofDays(1));
    assertEquals(List.of("A"), registry.forgetSilent());
    assertEquals(List.of(new WorkerTypeStatus("A", first, first, List.of())), registry.types());
    assertFalse(registry.types().get(0).isAlive());
    pass(Duration.ofSeconds(1));
    assertEquals(List.of(), registry.forgetSilent());
    assertEquals(List.of(), registry.types());
  }

  @Test
  void aTypeThatComesBackIsShownFromThenOn() {
    beat("1", now);
    pass(Duration.ofSeconds(90));
    beat("1", now);
    assertEquals(now, registry.types().get(0).firstBeat());
    pass(Duration.ofSeconds(30));
    beat("1", now);
    assertEquals(now.minusSeconds(30), registry.types().get(0).firstBeat());
    assertEquals(now, registry.types().get(0).lastBeat());
  }

  @Test
  void whatIsRememberedIsTrustedForOneExpiryHoweverOldItIs() {
    registry.remember(List.of(known("1", HOUR.multipliedBy(3), HOUR)));
    assertTrue(registry.isAlive("A"));
    assertEquals(Set.of("A"), registry.aliveTypes());
    assertEquals(
        List.of(
            new WorkerTypeStatus(
                "A",
                now.minus(HOUR.multipliedBy(3)),
                now.minus(HOUR),
                List.of(known("1", HOUR.multipliedBy(3), HOUR)))),
        registry.types());
    pass(Duration.ofSeconds(59));
    assertTrue(registry.isAlive("A"));
    pass(Duration.ofSeconds(1));
    assertFalse(registry.isAlive("A"));
    assertEquals(List.of(), registry.alive());
    assertEquals(List.of("A"), registry.forgetSilent());
  }

  @Test
  void whatIsRememberedAndBeatsIsNoNewcomer() {
    registry.remember(List.of(known("1", HOUR, Duration.ofMinutes(2))));
    Instant first = now.minus(HOUR);
    pass(Duration.ofSeconds(30));
    assertEquals(Beat.COUNTED, beat("1", now));
    assertEquals(List.of(new KnownWorker("A", "1", first, now)), registry.alive());
    assertEquals(first, registry.types().get(0).firstBeat());
    pass(Duration.ofSeconds(59));
    assertTrue(registry.isAlive("A"));
    pass(Duration.ofSeconds(1));
    assertFalse(registry.isAlive("A"));
  }

  @Test
  void whatIsRememberedMayHaveAWrongClock() {
    registry.remember(List.of(known("1", HOUR, Duration.ofMinutes(2))));
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(30));
      assertEquals(Beat.COUNTED, beat("1", now.minus(HOUR)));
    }
  }

  @Test
  void aTypeIsAsOldAsTheOldestOfThoseRememberedAndAsFreshAsTheFreshest() {
    registry.remember(
        List.of(
            known("1", Duration.ofMinutes(20), Duration.ofMinutes(2)),
            known("2", Duration.ofMinutes(30), Duration.ofMinutes(3)),
            known("3", Duration.ofMinutes(10), Duration.ofMinutes(1))));
    WorkerTypeStatus type = registry.types().get(0);
    assertEquals(now.minus(Duration.ofMinutes(30)), type.firstBeat());
    assertEquals(now.minus(Duration.ofMinutes(1)), type.lastBeat());
    assertEquals(3, type.instances().size());
  }

  @Test
  void instancesThatBeatNoMoreAreForgotten() {
    for (int i = 0; i < 1_000; i++) {
      beat("" + i, now);
      pass(Duration.ofSeconds(1));
      registry.forgetSilent();
    }
    assertEquals(59, registry.alive().size());
  }

  @Test
  void aTypeThatIsAliveIsShownThoughTheTimeOfDayJumps() {
    beat("1", now);
    now = now.plus(Duration.ofDays(2));
    registry.forgetSilent();
    assertTrue(registry.types().get(0).isAlive());
  }

  @Test
  void instancesAreInTheOrderOfTheirTypesAndNames() {
    for (String type : List.of("z", "B", "a", "10", "9")) {
      registry.beat(new Heartbeat("2", type, now), beat -> {});
      registry.beat(new Heartbeat("1", type, now), beat -> {});
    }
    assertEquals(
        List.of("10 1", "10 2", "9 1", "9 2", "B 1", "B 2", "a 1", "a 2", "z 1", "z 2"),
        registry.alive().stream()
            .map(worker -> worker.workerType() + " " + worker.instance())
            .toList());
  }

  @Test
  void anInstanceThatWasSilentForLongIsANewOne() {
    beat("1", now);
    pass(HOUR);
    beat("1", now);
    assertEquals(List.of(new KnownWorker("A", "1", now, now)), registry.alive());
  }

  @Test
  void aClockOnceKnownToBeWrongMayGoAsItLikes() {
    beat("1", now.minus(HOUR));
    pass(Duration.ofSeconds(10));
    beat("1", now.minus(HOUR));
    pass(Duration.ofSeconds(90));
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now.minus(HOUR).minusSeconds(40)));
    assertEquals(List.of("1"), wrong);
  }

  @Test
  void aboutTheTimeThatPassedIsWithinATenthAndFiveSeconds() {
    beat("1", now.minus(HOUR));
    beat("2", now.minus(HOUR));
    pass(Duration.ofSeconds(100));
    assertEquals(Beat.TYPE_CAME_ALIVE, beat("1", now.minus(HOUR).plusSeconds(15)));
    assertEquals(Beat.TOO_OLD, beat("2", now.minus(HOUR).plusSeconds(16)));
  }
}
