package org.workermanager.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    String once = rounds(new FaultPlan(42, 2), 100).toString();
    assertEquals(once, rounds(new FaultPlan(42, 2), 100).toString());
    assertNotEquals(once, rounds(new FaultPlan(43, 2), 100).toString());
  }

  @Test
  void hasEveryKindOfFaultAndOfInterference() {
    for (String kind : FaultPlan.allKinds()) {
      FaultPlan.Round first = new FaultPlan(42, 2).only(Set.of(kind)).next();
      assertEquals(1, first.strikes().size(), kind);
    }
    String all = rounds(new FaultPlan(42, 2), 500).toString();
    for (String word :
        List.of(
            "SIGKILL to manager-1",
            "another instance id",
            "SIGTERM",
            "SIGSTOP to manager-2",
            "SIGSTOP to the broker",
            "application is stopped",
            "database gets SIGKILL",
            "stopped at once",
            "manager-1 to the broker: ",
            "manager-2 to the database: ",
            "workers to the broker: ",
            "no Silent worker")) {
      assertTrue(all.contains(word), word);
    }
    for (Interference interference : Interference.values()) {
      assertEquals(
          interference != Interference.NONE, all.contains(": " + interference.text + " for "));
    }
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
    assertTrue(
        faults(rounds(plan, 50)).allMatch(fault -> fault.text().startsWith("SIGSTOP to manager-")));
  }
}
