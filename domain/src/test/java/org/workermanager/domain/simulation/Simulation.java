package org.workermanager.domain.simulation;

import java.util.List;

/**
 * Runs histories, each from its seed, and says of the first that breaks a promise what happened.
 */
final class Simulation {

  private final Sabotage sabotage;
  private final Coverage coverage = new Coverage();

  Simulation(Sabotage sabotage) {
    this.sabotage = sabotage;
  }

  Coverage coverage() {
    return coverage;
  }

  /**
   * @throws AssertionError naming the seed and telling the history, if something went wrong in it
   */
  void run(long seed) {
    try {
      new History(seed, sabotage, coverage, false).run();
    } catch (Violation | RuntimeException e) {
      List<String> lines = replay(seed);
      throw new AssertionError(
          "History %d: %s%n%s%nHistory %d: %s%n"
              .formatted(seed, e.getMessage(), String.join("\n", lines), seed, e.getMessage()),
          e);
    }
  }

  /** What happens in the history of this seed, line by line. */
  List<String> replay(long seed) {
    History history = new History(seed, sabotage, new Coverage(), true);
    try {
      history.run();
    } catch (Violation | RuntimeException e) {
      history.trace().add(() -> "==> " + e.getMessage());
    }
    return history.trace().lines();
  }
}
