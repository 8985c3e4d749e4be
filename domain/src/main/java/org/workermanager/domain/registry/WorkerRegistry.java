package org.workermanager.domain.registry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Knows from heartbeats which worker types are alive (PROTOCOL section 4): those of which an
 * instance beat within the expiry, counted from arrival on a clock that does not jump. Workers
 * serve every tenant.
 *
 * <p>Thread-safe. Asking whether a type is alive takes no lock, and the same short time with any
 * number of instances.
 */
public final class WorkerRegistry {

  /** By worker type, then instance; guarded by this. */
  private final Map<String, Map<String, WorkerInstance>> instances = new HashMap<>();

  /**
   * When the last beat that counts arrived, by worker type; a type stays until it is reported
   * silent.
   */
  private final Map<String, Long> lastBeats = new ConcurrentHashMap<>();

  private final Duration expiry;
  private final InstantSource clock;
  private final LongSupplier nanoClock;

  /**
   * @param clock to compare the date of a first beat with
   * @param nanoClock elapsed nanoseconds from any origin, never jumping
   */
  public WorkerRegistry(Duration expiry, InstantSource clock, LongSupplier nanoClock) {
    this.expiry = requireNonNull(expiry, "expiry");
    this.clock = requireNonNull(clock, "clock");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /**
   * Takes a heartbeat that has just arrived.
   *
   * @param clockWrong told, once while the instance lives, that its clock is behind by more than
   *     the expiry
   */
  public synchronized Beat beat(Heartbeat beat, Consumer<Heartbeat> clockWrong) {
    long now = nanoClock.getAsLong();
    Map<String, WorkerInstance> ofType =
        instances.computeIfAbsent(beat.workerType(), type -> new HashMap<>());
    WorkerInstance before = ofType.get(beat.instance());
    boolean known = before != null && !before.forgotten(now, expiry);
    WorkerInstance after =
        known
            ? before.next(beat, now, clock.instant(), expiry)
            : WorkerInstance.first(beat, now, clock.instant(), expiry);
    ofType.put(beat.instance(), after);
    if (known && after.clockWrong() && !before.clockWrong()) {
      clockWrong.accept(beat);
    }
    if (!after.counts()) {
      return Beat.TOO_OLD;
    }
    Long last = lastBeats.put(beat.workerType(), now);
    return isRecent(last, now) ? Beat.COUNTED : Beat.TYPE_CAME_ALIVE;
  }

  /** Whether an instance of this type, written as in the configuration, beat within the expiry. */
  public boolean isAlive(String workerType) {
    return isRecent(lastBeats.get(workerType), nanoClock.getAsLong());
  }

  /** The worker types alive now. */
  public Set<String> aliveTypes() {
    long now = nanoClock.getAsLong();
    return lastBeats.entrySet().stream()
        .filter(entry -> isRecent(entry.getValue(), now))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How many living instances each living worker type has, by type. */
  public synchronized Map<String, Integer> instanceCounts() {
    long now = nanoClock.getAsLong();
    Map<String, Integer> counts = new TreeMap<>();
    instances.forEach(
        (type, ofType) -> {
          long living =
              ofType.values().stream()
                  .filter(instance -> instance.counts() && !instance.expired(now, expiry))
                  .count();
          if (living > 0) {
            counts.put(type, (int) living);
          }
        });
    return counts;
  }

  /**
   * Forgets instances that beat no more; returns the worker types that fell silent since the last
   * call.
   */
  public synchronized List<String> forgetSilent() {
    long now = nanoClock.getAsLong();
    instances
        .values()
        .forEach(ofType -> ofType.values().removeIf(instance -> instance.forgotten(now, expiry)));
    instances.values().removeIf(Map::isEmpty);
    List<String> silent = new ArrayList<>();
    lastBeats.forEach(
        (type, last) -> {
          if (!isRecent(last, now) && lastBeats.remove(type, last)) {
            silent.add(type);
          }
        });
    return silent;
  }

  private boolean isRecent(Long beat, long now) {
    return beat != null && now - beat < expiry.toNanos();
  }
}
