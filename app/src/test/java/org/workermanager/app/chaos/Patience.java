package org.workermanager.app.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for conditions. */
final class Patience {

  /** Asked over and over. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  private static final long INTERVAL_MILLIS = 50;

  private Patience() {}

  /** Waits until a condition holds; returns whether it did within this time. */
  static boolean until(Duration patience, Condition condition) throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
    }
    return true;
  }

  /** The same for what cannot be done without: says what it was. */
  static void require(String what, Duration patience, Condition condition) throws Exception {
    if (!until(patience, condition)) {
      throw new IllegalStateException(
          what + " did not come about within " + Times.seconds(patience));
    }
  }

  static void rest(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }
}
