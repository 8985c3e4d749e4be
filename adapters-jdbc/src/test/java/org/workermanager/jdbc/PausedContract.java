package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.store.ConfigurationStore;

/** What every configuration store promises about paused worker types. */
abstract class PausedContract extends StoreContract {

  PausedContract(Kept kept) {
    super(kept);
  }

  @Test
  void worksTheSameTheSecondTime() {
    ConfigurationStore store = stores().configurations();
    assertEquals(Set.of(), store.paused());
    store.resume("A");
    store.pause("A");
    store.pause("A");
    store.pause("a");
    assertEquals(Set.of("A", "a"), store.paused());
    store.resume("A");
    store.resume("A");
    assertEquals(Set.of("a"), store.paused());
  }

  @Test
  void severalMayDoItAtOnce() throws Exception {
    ConfigurationStore store = stores().configurations();
    for (int round = 0; round < 10; round++) {
      RequestStoreContract.together(
          4,
          () -> {
            store.pause("A");
            return null;
          });
      assertEquals(Set.of("A"), store.paused());
      RequestStoreContract.together(
          4,
          () -> {
            store.resume("A");
            return null;
          });
      assertEquals(Set.of(), store.paused());
    }
  }
}
