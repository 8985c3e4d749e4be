package org.workermanager.app.architecture.planted.time;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Supplier;

class ReadsTheClock {
  Instant call() {
    return Instant.now();
  }

  Supplier<Instant> reference() {
    return Instant::now;
  }

  long millis() {
    return System.currentTimeMillis();
  }

  long nanos() {
    return System.nanoTime();
  }

  LocalDate date() {
    return LocalDate.now();
  }

  Clock clock() {
    return Clock.systemUTC();
  }
}
