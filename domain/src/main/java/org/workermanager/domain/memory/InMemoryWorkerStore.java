package org.workermanager.domain.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.store.WorkerStore;

/**
 * Remembers workers in memory, for embedding without a database and for tests: they are forgotten
 * with the process. Thread-safe.
 */
public final class InMemoryWorkerStore implements WorkerStore {

  private final List<KnownWorker> workers = new ArrayList<>();

  /** None is known yet. */
  public InMemoryWorkerStore() {}

  @Override
  public synchronized List<KnownWorker> all() {
    return List.copyOf(workers);
  }

  @Override
  public synchronized void save(Collection<KnownWorker> alive, Collection<KnownWorker> gone) {
    workers.removeIf(
        known ->
            alive.stream().anyMatch(worker -> isSame(known, worker))
                || gone.stream().anyMatch(worker -> isSame(known, worker)));
    workers.addAll(alive);
  }

  private static boolean isSame(KnownWorker one, KnownWorker other) {
    return one.workerType().equals(other.workerType()) && one.instance().equals(other.instance());
  }
}
