package org.workermanager.domain.store;

import java.util.Collection;
import java.util.List;
import org.workermanager.domain.registry.KnownWorker;

/**
 * Remembers which worker instances are alive, for a manager that starts. Shared by all instances of
 * a deployment. Thread-safe; throws {@link StoreUnavailableException} when the store does not
 * answer.
 */
public interface WorkerStore {

  /** Those that were alive when last heard of. */
  List<KnownWorker> all();

  /**
   * Remembers these, and forgets the others that are named.
   *
   * @param alive in place of what was remembered of them
   */
  void save(Collection<KnownWorker> alive, Collection<KnownWorker> gone);
}
