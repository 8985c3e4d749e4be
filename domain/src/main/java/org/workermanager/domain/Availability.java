package org.workermanager.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.workermanager.domain.lifecycle.Workers;
import org.workermanager.domain.registry.WorkerRegistry;

/**
 * A worker type can be sent requests while it is alive, unless an operator has paused it, or the
 * broker has just refused some: then there is a break first, longer each time. Thread-safe.
 */
final class Availability implements Workers {

  private static final Duration FIRST_BREAK = Duration.ofSeconds(1);
  private static final Duration LONGEST_BREAK = Duration.ofSeconds(30);

  /**
   * Until when nothing is sent, and for how long it is not.
   *
   * @param over whether that has been said
   */
  private record Break(long endNanos, Duration length, String reason, boolean over) {}

  private final Map<String, Break> breaks = new ConcurrentHashMap<>();
  private final WorkerRegistry registry;
  private final Predicate<String> isPaused;
  private final LongSupplier nanoClock;

  /**
   * @param isPaused whether an operator has paused this worker type
   */
  Availability(WorkerRegistry registry, Predicate<String> isPaused, LongSupplier nanoClock) {
    this.registry = registry;
    this.isPaused = isPaused;
    this.nanoClock = nanoClock;
  }

  @Override
  public Optional<String> whyNot(String workerType) {
    if (!registry.isAlive(workerType)) {
      return Optional.of("No worker '" + workerType + "' is alive.");
    }
    if (isPaused.test(workerType)) {
      return Optional.of("Dispatching to worker '" + workerType + "' is paused by an operator.");
    }
    Break current = breaks.get(workerType);
    return current != null && isOn(current) ? Optional.of(current.reason()) : Optional.empty();
  }

  /** The broker refused dispatches to this worker type. */
  void refused(String workerType, String reason) {
    breaks.compute(
        workerType,
        (type, before) -> {
          if (before != null && isOn(before)) {
            return before;
          }
          Duration length = before == null ? FIRST_BREAK : before.length().multipliedBy(2);
          length = length.compareTo(LONGEST_BREAK) > 0 ? LONGEST_BREAK : length;
          return new Break(nanoClock.getAsLong() + length.toNanos(), length, reason, false);
        });
  }

  /** The broker took all dispatches to this worker type. */
  void taken(String workerType) {
    breaks.remove(workerType);
  }

  /** The worker types whose break has ended since the last call. */
  List<String> toTryAgain() {
    List<String> ended = new ArrayList<>();
    breaks.replaceAll(
        (type, current) -> {
          if (current.over() || isOn(current)) {
            return current;
          }
          ended.add(type);
          return new Break(current.endNanos(), current.length(), current.reason(), true);
        });
    return ended;
  }

  private boolean isOn(Break current) {
    return nanoClock.getAsLong() - current.endNanos() < 0;
  }
}
