package org.workermanager.jdbc;

import org.junit.jupiter.api.Nested;

class PostgreSqlStoresTest {

  @Nested
  class Requests extends RequestStoreContract {
    Requests() {
      super(Kept.IN_POSTGRESQL);
    }
  }

  @Nested
  class Search extends RequestSearchContract {
    Search() {
      super(Kept.IN_POSTGRESQL);
    }
  }

  @Nested
  class Workers extends WorkerStoreContract {
    Workers() {
      super(Kept.IN_POSTGRESQL);
    }
  }

  @Nested
  class Leases extends LeaseStoreContract {
    Leases() {
      super(Kept.IN_POSTGRESQL);
    }
  }

  @Nested
  class Paused extends PausedContract {
    Paused() {
      super(Kept.IN_POSTGRESQL);
    }
  }
}
