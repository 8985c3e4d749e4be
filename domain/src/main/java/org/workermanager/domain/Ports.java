package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.store.Stores;

/**
 * All that a worker manager needs of the world.
 *
 * @param clock the time of day
 * @param nanoClock elapsed nanoseconds from any origin, never jumping
 * @param random makes the ids of batches, which must not be used twice; thread-safe
 * @param waitingSignal called when {@link WorkerManager#dispatchWaiting()} has something to do;
 *     must not block
 */
public record Ports(
    Stores stores,
    Publisher publisher,
    Monitor monitor,
    InstantSource clock,
    LongSupplier nanoClock,
    RandomGenerator random,
    Runnable waitingSignal) {

  public Ports {
    requireNonNull(stores, "stores");
    requireNonNull(publisher, "publisher");
    requireNonNull(monitor, "monitor");
    requireNonNull(clock, "clock");
    requireNonNull(nanoClock, "nanoClock");
    requireNonNull(random, "random");
    requireNonNull(waitingSignal, "waitingSignal");
  }

  /** The time of day, no finer than stores keep it: so what they keep reads back as it was. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
