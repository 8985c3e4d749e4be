package org.workermanager.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.workermanager.domain.lifecycle.Workers;
import org.workermanager.domain.registry.WorkerRegistry;

/**
 * A worker type can be sent requests while it is alive, unless the broker has just refused some:
 * then there is a pause first, longer each time. Thread-safe.
 */
final class Availability implements Workers {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /**
   * Until when nothing is sent, and for how long it is not.
   *
   * @param over whether that has been said
   */
  private record Pause(long endNanos, Duration length, String reason, boolean over) {}

  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
  private final WorkerRegistry registry;
  private final LongSupplier nanoClock;

  Availability(WorkerRegistry registry, LongSupplier nanoClock) {
    this.registry = registry;
    this.nanoClock = nanoClock;
  }

  @Override
  public Optional<String> whyNot(String workerType) {
    if (!registry.isAlive(workerType)) {
      return Optional.of("No worker '" + workerType + "' is alive.");
    }
    Pause pause = pauses.get(workerType);
    return pause != null && isOn(pause) ? Optional.of(pause.reason()) : Optional.empty();
  }

  /** The broker refused dispatches to this worker type. */
  void refused(String workerType, String reason) {
    pauses.compute(
        workerType,
        (type, before) -> {
          if (before != null && isOn(before)) {
            return before;
          }
          Duration length = before == null ? FIRST_PAUSE : before.length().multipliedBy(2);
          length = length.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : length;
          return new Pause(nanoClock.getAsLong() + length.toNanos(), length, reason, false);
        });
  }

  /** The broker took all dispatches to this worker type. */
  void taken(String workerType) {
    pauses.remove(workerType);
  }

  /** The worker types whose pause has ended since the last call. */
  List<String> toTryAgain() {
    List<String> ended = new ArrayList<>();
    pauses.replaceAll(
        (type, pause) -> {
          if (pause.over() || isOn(pause)) {
            return pause;
          }
          ended.add(type);
          return new Pause(pause.endNanos(), pause.length(), pause.reason(), true);
        });
    return ended;
  }

  private boolean isOn(Pause pause) {
    return nanoClock.getAsLong() - pause.endNanos() < 0;
  }
}
