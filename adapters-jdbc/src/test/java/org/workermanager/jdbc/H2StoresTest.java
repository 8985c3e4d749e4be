package org.workermanager.jdbc;

import org.junit.jupiter.api.Nested;

class H2StoresTest {

  @Nested
  class Requests extends RequestStoreContract {
    Requests() {
      super(Kept.IN_H2);
    }
  }

  @Nested
  class Search extends RequestSearchContract {
    Search() {
      super(Kept.IN_H2);
    }
  }

  @Nested
  class Workers extends WorkerStoreContract {
    Workers() {
      super(Kept.IN_H2);
    }
  }

  @Nested
  class Leases extends LeaseStoreContract {
    Leases() {
      super(Kept.IN_H2);
    }
  }

  @Nested
  class Paused extends PausedContract {
    Paused() {
      super(Kept.IN_H2);
    }
  }
}
