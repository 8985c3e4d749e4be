package org.workermanager.amqp;

import java.time.InstantSource;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.workermanager.domain.Ports;
import org.workermanager.domain.Settings;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.memory.InMemoryConfigurationStore;
import org.workermanager.domain.memory.InMemoryLeaseStore;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.memory.InMemoryWorkerStore;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.Stores;

/** Managers behind an adapter, with all that they store in memory. */
final class InMemoryManager {

  private InMemoryManager() {}

  /**
   * @param breaking what is to be wrong with the request store
   */
  static WorkerManager start(
      String instance, AmqpAdapter adapter, UnaryOperator<RequestStore> breaking) {
    InMemoryLeaseStore leases = new InMemoryLeaseStore(InstantSource.system());
    InMemoryRequestStore requests = new InMemoryRequestStore(InstantSource.system(), leases);
    WorkerManager manager =
        new WorkerManager(
            Settings.ofInstance(instance),
            new Ports(
                new Stores(
                    breaking.apply(requests),
                    requests,
                    new InMemoryConfigurationStore(),
                    new InMemoryWorkerStore(),
                    leases),
                adapter.publisher(),
                Monitor.NONE,
                InstantSource.system(),
                System::nanoTime,
                new Random(),
                () -> {}));
    manager.start();
    return manager;
  }
}
