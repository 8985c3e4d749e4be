package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import org.workermanager.domain.memory.InMemoryConfigurationStore;
import org.workermanager.domain.memory.InMemoryLeaseStore;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.memory.InMemoryWorkerStore;

/** What all processes share, and what of it is still under way. */
final class Database {

  final InMemoryLeaseStore leases;
  final InMemoryRequestStore requests;
  final InMemoryConfigurationStore configurations = new InMemoryConfigurationStore();
  final InMemoryWorkerStore workers = new InMemoryWorkerStore();

  /** It answers nobody before then. */
  long awayUntilNanos;

  private final List<Runnable> late = new ArrayList<>();

  Database(SimulatedTime time) {
    leases = new InMemoryLeaseStore(time::now);
    requests = new InMemoryRequestStore(time::now, leases);
  }

  /** A transaction whose client has given up waiting, and that will be committed all the same. */
  void landsLater(Runnable transaction) {
    late.add(transaction);
  }

  /**
   * What is under way is committed: at the latest before others change anything, who would wait for
   * its locks.
   */
  void land() {
    while (!late.isEmpty()) {
      late.remove(0).run();
    }
  }
}
