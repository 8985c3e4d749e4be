package org.workermanager.jdbc;

import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.workermanager.domain.memory.InMemoryConfigurationStore;
import org.workermanager.domain.memory.InMemoryLeaseStore;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.memory.InMemoryWorkerStore;
import org.workermanager.domain.store.Stores;

/** What stores promise, wherever they keep what they keep. Each test has new, empty ones. */
abstract class StoreContract {

  /** Where stores keep it. */
  enum Kept {
    IN_MEMORY,
    IN_H2,
    IN_POSTGRESQL
  }

  private final Kept kept;
  private JdbcSettings settings;
  private JdbcStores database;
  private Stores stores;

  StoreContract(Kept kept) {
    this.kept = kept;
  }

  @BeforeEach
  void open() {
    if (kept == Kept.IN_MEMORY) {
      stores = inMemory();
    } else {
      settings = TestDatabases.of(kept == Kept.IN_H2 ? Dialect.H2 : Dialect.POSTGRESQL);
      database = JdbcStores.open(settings);
      stores = database.stores();
    }
  }

  @AfterEach
  void drop() {
    if (database != null) {
      database.close();
      TestDatabases.drop(settings);
    }
  }

  Stores stores() {
    return stores;
  }

  static Stores inMemory() {
    InMemoryLeaseStore leases = new InMemoryLeaseStore(InstantSource.system());
    InMemoryRequestStore requests = new InMemoryRequestStore(InstantSource.system(), leases);
    return new Stores(
        requests, requests, new InMemoryConfigurationStore(), new InMemoryWorkerStore(), leases);
  }
}
