package org.workermanager.domain.registry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /** How long a silent worker type is still shown. */
  private static final Duration SHOWN = Duration.ofDays(1);

  /** When a worker type came alive the last time, and was last heard of. */
  private record Beats(Instant first, Instant last) {}

  /** By worker type, then instance; guarded by this. */
  private final Map<String, Map<String, WorkerInstance>> instances = new HashMap<>();

  /**
   * When the last beat that counts arrived, by worker type; a type stays until it is reported
   * silent.
   */
  private final Map<String, Long> lastBeats = new ConcurrentHashMap<>();

  /** By worker type, silent ones for a while too; guarded by this. */
  private final Map<String, Beats> beats = new TreeMap<>();

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
    boolean wasAlive = isRecent(lastBeats.put(beat.workerType(), now), now);
    Beats earlier = wasAlive ? beats.get(beat.workerType()) : null;
    Instant first = earlier == null ? after.lastBeat() : earlier.first();
    beats.put(beat.workerType(), new Beats(first, after.lastBeat()));
    return wasAlive ? Beat.COUNTED : Beat.TYPE_CAME_ALIVE;
  }

  /**
   * Trusts, for one expiry from now, that these are alive: they were when last heard of, and there
   * was nobody to hear them since.
   */
  public synchronized void remember(Collection<KnownWorker> workers) {
    long now = nanoClock.getAsLong();
    for (KnownWorker worker : workers) {
      instances
          .computeIfAbsent(worker.workerType(), type -> new HashMap<>())
          .put(worker.instance(), WorkerInstance.remembered(worker, now));
      lastBeats.put(worker.workerType(), now);
      beats.merge(
          worker.workerType(),
          new Beats(worker.firstBeat(), worker.lastBeat()),
          (one, other) ->
              new Beats(
                  one.first().isBefore(other.first()) ? one.first() : other.first(),
                  one.last().isAfter(other.last()) ? one.last() : other.last()));
    }
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

  /** All instances alive now, by worker type and name. */
  public synchronized List<KnownWorker> alive() {
    return new TreeSet<>(instances.keySet())
        .stream().flatMap(type -> alive(type).stream()).toList();
  }

  private List<KnownWorker> alive(String workerType) {
    long now = nanoClock.getAsLong();
    List<KnownWorker> alive = new ArrayList<>();
    new TreeMap<>(instances.getOrDefault(workerType, Map.of()))
        .forEach(
            (name, instance) -> {
              if (instance.counts() && !instance.expired(now, expiry)) {
                alive.add(
                    new KnownWorker(workerType, name, instance.firstBeat(), instance.lastBeat()));
              }
            });
    return alive;
  }

  /** The worker types alive now, and those that fell silent lately, by name. */
  public synchronized List<WorkerTypeStatus> types() {
    return beats.entrySet().stream()
        .map(
            type ->
                new WorkerTypeStatus(
                    type.getKey(),
                    type.getValue().first(),
                    type.getValue().last(),
                    alive(type.getKey())))
        .toList();
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
    Instant shown = clock.instant().minus(SHOWN);
    beats
        .entrySet()
        .removeIf(type -> !isAlive(type.getKey()) && type.getValue().last().isBefore(shown));
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
