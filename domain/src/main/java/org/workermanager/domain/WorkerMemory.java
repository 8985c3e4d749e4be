package org.workermanager.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.registry.WorkerRegistry;
import org.workermanager.domain.store.WorkerStore;

/**
 * Keeps in the store who is alive, so that a manager that starts need not take every worker for
 * dead until it has beaten. For one thread.
 */
final class WorkerMemory {

  /** An instance of a worker type. */
  private record Name(String workerType, String instance) {}

  /** How often all is written: another manager may have missed beats, and forgotten who lives. */
  private static final Duration FULL = Duration.ofMinutes(1);

  private final WorkerRegistry registry;
  private final WorkerStore store;
  private final LongSupplier nanoClock;
  private Map<Name, KnownWorker> saved = Map.of();
  private long lastFullNanos;

  WorkerMemory(WorkerRegistry registry, Ports ports) {
    this.registry = registry;
    this.store = ports.stores().workers();
    this.nanoClock = ports.nanoClock();
  }

  /** Trusts what was kept. */
  void recall() {
    List<KnownWorker> remembered = store.all();
    registry.remember(remembered);
    saved = byName(remembered);
    lastFullNanos = nanoClock.getAsLong();
  }

  /** Keeps what has changed. */
  void keep() {
    Map<Name, KnownWorker> alive = byName(registry.alive());
    long now = nanoClock.getAsLong();
    boolean full = now - lastFullNanos >= FULL.toNanos();
    List<KnownWorker> toSave = new ArrayList<>(alive.values());
    if (!full) {
      toSave.removeIf(worker -> saved.containsKey(name(worker)));
    }
    List<KnownWorker> gone = new ArrayList<>(saved.values());
    gone.removeIf(worker -> alive.containsKey(name(worker)));
    if (!toSave.isEmpty() || !gone.isEmpty()) {
      store.save(toSave, silent(gone));
    }
    saved = alive;
    lastFullNanos = full ? now : lastFullNanos;
  }

  /** Those that no other manager has heard of since. */
  private List<KnownWorker> silent(List<KnownWorker> gone) {
    if (gone.isEmpty()) {
      return gone;
    }
    Map<Name, KnownWorker> kept = byName(store.all());
    return gone.stream().filter(worker -> !isLater(kept.get(name(worker)), worker)).toList();
  }

  private static boolean isLater(KnownWorker kept, KnownWorker worker) {
    // a store may round
    return kept != null && kept.lastBeat().isAfter(worker.lastBeat().plusMillis(1));
  }

  private static Map<Name, KnownWorker> byName(List<KnownWorker> workers) {
    return workers.stream().collect(Collectors.toMap(WorkerMemory::name, Function.identity()));
  }

  private static Name name(KnownWorker worker) {
    return new Name(worker.workerType(), worker.instance());
  }
}
