package org.workermanager.jdbc;

import java.time.InstantSource;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.store.RequestStore;

class InMemoryRequestStoreTest extends RequestStoreContract {

  private final RequestStore store = new InMemoryRequestStore(InstantSource.system());

  @Override
  RequestStore store() {
    return store;
  }
}
