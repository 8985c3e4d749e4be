package org.workermanager.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  private static List<FaultPlan.Round> rounds(FaultPlan plan, int count) {
    return Stream.generate(plan::next).limit(count).toList();
  }

  private static Stream<Fault> faults(List<FaultPlan.Round> rounds) {
    return rounds.stream().flatMap(round -> round.strikes().stream()).map(FaultPlan.Strike::fault);
  }

  @Test
  void isTheSameForTheSameSeed() {
    List<FaultPlan.Round> once = rounds(new FaultPlan(42, 2), 100);
    assertEquals(once, rounds(new FaultPlan(42, 2), 100));
    assertNotEquals(once, rounds(new FaultPlan(43, 2), 100));
  }

  @Test
  void hasEveryKindOfFaultAndOfInterference() {
    List<FaultPlan.Round> rounds = rounds(new FaultPlan(42, 2), 500);
    Set<Object> kinds = new HashSet<>();
    Set<Interference> interferences = new HashSet<>();
    faults(rounds)
        .forEach(
            fault -> {
              kinds.add(fault.getClass());
              if (fault instanceof Fault.Interfere interfere) {
                interferences.add(interfere.interference());
              }
            });
    assertEquals(Set.of(Fault.class.getPermittedSubclasses()), kinds);
    assertEquals(Interference.values().length - 1, interferences.size());
  }

  @Test
  void neverHasTwoThingsHappenToOneAtATime() {
    for (FaultPlan.Round round : rounds(new FaultPlan(42, 2), 500)) {
      assertTrue(!round.strikes().isEmpty());
      assertEquals(
          round.strikes().size(),
          faults(List.of(round)).map(Fault::target).distinct().count(),
          round::toString);
    }
  }

  @Test
  void letsItRecoverNowAndThen() {
    List<FaultPlan.Round> rounds = rounds(new FaultPlan(42, 2), 100);
    for (int i = 0; i + 3 <= rounds.size(); i++) {
      assertTrue(rounds.subList(i, i + 3).stream().anyMatch(FaultPlan.Round::calm));
    }
  }

  @Test
  void hasOnlyTheKindsAskedFor() {
    FaultPlan plan = new FaultPlan(42, 2).only(Set.of("pause"));
    assertTrue(faults(rounds(plan, 50)).allMatch(fault -> fault instanceof Fault.Pause));
  }
}
