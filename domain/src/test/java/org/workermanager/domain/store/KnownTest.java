package org.workermanager.domain.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.RequestKey;

class KnownTest {

  private static final RequestKey CHANGED = new RequestKey("tenant", "changed");
  private static final RequestKey NEW = new RequestKey("tenant", "new");

  @Test
  void theStoreIsAskedForOpenBatchesOnceAndOnlyIfItMatters() {
    UUID batch = new UUID(1, 1);
    List<Set<UUID>> asked = new ArrayList<>();
    Known known =
        new Known(
            Map.of(),
            Map.of(CHANGED, batch),
            Map.of(),
            some -> {
              asked.add(some);
              return some;
            });
    assertFalse(known.isInOpenBatch(NEW));
    assertEquals(List.of(), asked);
    assertTrue(known.isInOpenBatch(CHANGED));
    assertTrue(known.isInOpenBatch(CHANGED));
    assertEquals(List.of(Set.of(batch)), asked);
  }
}
