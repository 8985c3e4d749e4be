package org.workermanager.jdbc;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.workermanager.domain.store.RequestStore;

class H2RequestStoreTest extends RequestStoreContract {

  private final JdbcSettings settings = TestDatabases.h2();
  private JdbcStores stores;

  @BeforeEach
  void open() {
    stores = JdbcStores.open(settings);
  }

  @AfterEach
  void drop() {
    stores.close();
    TestDatabases.drop(settings);
  }

  @Override
  RequestStore store() {
    return stores.requests();
  }
}
