package org.workermanager.domain.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs simulated histories: the same ones and some new ones each time, and with {@code
 * -Dsimulation.minutes=60} new ones for as long as one likes.
 */
class SimulationTest {

  private static final int SAME_EACH_TIME = 2_000;
  private static final Duration NEW_EACH_TIME = Duration.ofSeconds(2);
  private static final String SEED = "simulation.seed";
  private static final String MINUTES = "simulation.minutes";

  @Test
  void theSameHistoriesEachTime() {
    Simulation simulation = new Simulation(Sabotage.NONE);
    for (long seed = 1; seed <= SAME_EACH_TIME; seed++) {
      simulation.run(seed);
    }
    for (Injection injection : Injection.values()) {
      assertTrue(simulation.coverage().times(injection) > 0, injection + " never happened");
    }
    List<HardCase> missed =
        Arrays.stream(HardCase.values())
            .filter(hardCase -> !hardCase.isRare && simulation.coverage().times(hardCase) == 0)
            .toList();
    assertEquals(List.of(), missed);
  }

  @Test
  void newHistoriesEachTime() {
    run(NEW_EACH_TIME);
  }

  private static Coverage run(Duration time) {
    long first = System.currentTimeMillis() * 1_000;
    Simulation simulation = new Simulation(Sabotage.NONE);
    long begin = System.nanoTime();
    simulation.runFrom(first, time);
    double seconds = (System.nanoTime() - begin) / 1e9;
    long histories = simulation.coverage().histories();
    System.out.printf(
        "Simulated %,d histories from seed %d, %,.0f a second%n",
        histories, first, histories / seconds);
    return simulation.coverage();
  }

  @Test
  @EnabledIfSystemProperty(named = MINUTES, matches = ".+")
  @Timeout(value = 365, unit = TimeUnit.DAYS)
  void asLongAsOneLikes() {
    Duration time = Duration.ofMinutes(Long.getLong(MINUTES));
    System.out.println(run(time).report());
  }

  @Test
  @EnabledIfSystemProperty(named = SEED, matches = ".+")
  void oneAgain() {
    Simulation simulation = new Simulation(Sabotage.NONE);
    simulation.replay(Long.getLong(SEED)).forEach(System.out::println);
    simulation.run(Long.getLong(SEED));
  }

  @Test
  void aReplayIsExact() {
    Simulation simulation = new Simulation(Sabotage.NONE);
    for (long seed = 1; seed <= 100; seed++) {
      List<String> once = simulation.replay(seed);
      assertFalse(once.isEmpty());
      assertEquals(once, simulation.replay(seed));
      assertNotEquals(once, simulation.replay(seed + 1));
    }
  }
}
