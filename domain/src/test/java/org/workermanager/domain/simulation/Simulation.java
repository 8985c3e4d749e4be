package org.workermanager.domain.simulation;

import java.time.Duration;
import java.util.List;

/** Runs histories, each from its seed, and tells the first in which a promise is broken. */
final class Simulation {

  private final Sabotage sabotage;
  private final Coverage coverage = new Coverage();

  Simulation(Sabotage sabotage) {
    this.sabotage = sabotage;
  }

  /** What all histories so far have met. */
  Coverage coverage() {
    return coverage;
  }

  /**
   * Runs histories for so long, one after the other.
   *
   * @param first their first seed
   * @throws AssertionError as {@link #run} does
   */
  void runFrom(long first, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long seed = first; System.nanoTime() - end < 0; seed++) {
      run(seed);
    }
  }

  /**
   * Runs one history.
   *
   * @throws AssertionError naming the seed, what was broken, and all that happened
   */
  void run(long seed) {
    try {
      new History(seed, sabotage, coverage, false).run();
    } catch (Violation | RuntimeException e) {
      throw new AssertionError(
          "History %d: %s%n%n%s%n%nThat was history %d; see it again with -Dtest=SimulationTest -Dsimulation.seed=%d"
              .formatted(seed, e.getMessage(), String.join("\n", replay(seed)), seed, seed),
          e);
    }
  }

  /** All that happens in the history of this seed, line by line. */
  List<String> replay(long seed) {
    History history = new History(seed, sabotage, new Coverage(), true);
    try {
      history.run();
    } catch (Violation | RuntimeException e) {
      history.trace.add(e::toString);
    }
    return history.trace.lines();
  }

  /** Prints all that happens in the histories of these seeds. */
  public static void main(String[] seeds) {
    Simulation simulation = new Simulation(Sabotage.NONE);
    for (String seed : seeds) {
      simulation.replay(Long.parseLong(seed)).forEach(System.out::println);
    }
  }
}
