package org.workermanager.domain.simulation;

import java.time.Duration;
import java.time.Instant;

/** The true time of a history, which every clock in it goes by, right or wrong. */
final class SimulatedTime {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private long nanos;

  long nanos() {
    return nanos;
  }

  Instant now() {
    return BEGIN.plusNanos(nanos);
  }

  double seconds() {
    return nanos / 1e9;
  }

  void pass(Duration duration) {
    nanos += duration.toNanos();
  }
}
