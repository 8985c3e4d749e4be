package org.workermanager.domain.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs simulated histories: the same ones and some new ones each time; with {@code
 * -Dsimulation.minutes=60} new ones for as long as one likes, and with {@code -Dsimulation.seed=1}
 * a single one, told line by line.
 */
class SimulationTest {

  private static final int SAME_EACH_TIME = 1_000;

  /** What so few histories may happen not to meet. */
  private static final Set<HardCase> RARE =
      EnumSet.of(
          HardCase.ANSWER_BEFORE_DISPATCH_IS_CONFIRMED,
          HardCase.UNNAMED_ANSWER_TAKEN_FOR_ANOTHER_DISPATCH,
          HardCase.SUCCESS_AFTER_ERROR,
          HardCase.DEAD_LETTER_AFTER_REPLY,
          HardCase.ANSWER_WHILE_RETRIED,
          HardCase.ANSWER_WHILE_DELETED,
          HardCase.FINISHED_BY_CONFIGURATION,
          HardCase.WAITING_AGAIN_WHEN_OVERDUE,
          HardCase.PUBLISHED_BY_ONE_THAT_OUTLIVED_ITS_LEASE);

  private static final Duration NEW_EACH_TIME = Duration.ofSeconds(2);
  private static final String SEED = "simulation.seed";
  private static final String MINUTES = "simulation.minutes";

  @Test
  void theSameHistoriesEachTime() {
    Simulation simulation = new Simulation(Sabotage.NONE);
    for (long seed = 1; seed <= SAME_EACH_TIME; seed++) {
      simulation.run(seed);
    }
    Coverage coverage = simulation.coverage();
    assertEquals(
        List.of(),
        Arrays.stream(Injection.values())
            .filter(injection -> coverage.times(injection) == 0)
            .toList());
    assertEquals(
        List.of(),
        Arrays.stream(HardCase.values())
            .filter(hardCase -> coverage.times(hardCase) == 0 && !RARE.contains(hardCase))
            .toList());
  }

  @Test
  void newHistoriesEachTime() {
    run(System.currentTimeMillis() * 1_000, NEW_EACH_TIME);
  }

  private static Coverage run(long first, Duration time) {
    Simulation simulation = new Simulation(Sabotage.NONE);
    long begin = System.nanoTime();
    simulation.runFrom(first, time);
    double seconds = (System.nanoTime() - begin) / 1e9;
    long histories = simulation.coverage().histories();
    System.out.printf(
        "Simulated %,d histories from seed %d on, %,.0f a second%n",
        histories, first, histories / seconds);
    return simulation.coverage();
  }

  @Test
  @EnabledIfSystemProperty(named = MINUTES, matches = "[0-9]+")
  @Timeout(value = 365, unit = TimeUnit.DAYS)
  void asLongAsOneLikes() {
    long first = Long.getLong(SEED, System.currentTimeMillis() * 1_000);
    System.out.println(run(first, Duration.ofMinutes(Long.getLong(MINUTES))).report());
  }

  @Test
  @EnabledIfSystemProperty(named = SEED, matches = "[0-9]+")
  @DisabledIfSystemProperty(named = MINUTES, matches = ".*")
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

  /** Where sets and maps of the JDK may iterate in another order. */
  @Test
  void aReplayIsExactInAnotherJvm() throws IOException {
    Simulation simulation = new Simulation(Sabotage.NONE);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", "target/classes" + File.pathSeparator + "target/test-classes"));
    command.add(Simulation.class.getName());
    List<String> here = new ArrayList<>();
    for (long seed = 401; seed <= 500; seed++) {
      here.addAll(simulation.replay(seed));
      command.add(Long.toString(seed));
    }
    Process another = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader there = another.inputReader()) {
      assertEquals(here, there.lines().toList());
    }
  }
}
