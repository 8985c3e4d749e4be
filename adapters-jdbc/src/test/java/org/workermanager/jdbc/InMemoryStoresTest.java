package org.workermanager.jdbc;

import org.junit.jupiter.api.Nested;

class InMemoryStoresTest {

  @Nested
  class Requests extends RequestStoreContract {
    Requests() {
      super(Kept.IN_MEMORY);
    }
  }

  @Nested
  class Search extends RequestSearchContract {
    Search() {
      super(Kept.IN_MEMORY);
    }
  }

  @Nested
  class Workers extends WorkerStoreContract {
    Workers() {
      super(Kept.IN_MEMORY);
    }
  }

  @Nested
  class Leases extends LeaseStoreContract {
    Leases() {
      super(Kept.IN_MEMORY);
    }
  }

  @Nested
  class Paused extends PausedContract {
    Paused() {
      super(Kept.IN_MEMORY);
    }
  }
}
