package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.store.WorkerStore;

/** What every worker store promises. */
abstract class WorkerStoreContract extends StoreContract {

  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05.000001Z");

  WorkerStoreContract(Kept kept) {
    super(kept);
  }

  private static KnownWorker worker(String type, String instance, int seconds) {
    return new KnownWorker(type, instance, FIRST, FIRST.plusSeconds(seconds));
  }

  private void assertKept(KnownWorker... expected) {
    List<KnownWorker> all = stores().workers().all();
    assertEquals(expected.length, all.size());
    assertEquals(Set.of(expected), Set.copyOf(all));
  }

  @Test
  void remembersWhoIsAliveAndForgetsWhoIsNamed() {
    WorkerStore store = stores().workers();
    assertKept();
    KnownWorker longest = worker("t".repeat(255), "\u00e9".repeat(255), 0);
    store.save(List.of(worker("A", "1", 0), worker("A", "2", 0), worker("B", "1", 0)), List.of());
    store.save(
        List.of(worker("A", "2", 60), longest), List.of(worker("A", "1", 5), worker("C", "1", 0)));
    assertKept(worker("A", "2", 60), worker("B", "1", 0), longest);
    store.save(List.of(), List.of(worker("A", "2", 0), longest));
    store.save(List.of(), List.of());
    assertKept(worker("B", "1", 0));
  }

  @Test
  void whoIsAliveAndNamedAsGoneIsAlive() {
    WorkerStore store = stores().workers();
    store.save(List.of(worker("A", "1", 0)), List.of());
    store.save(List.of(worker("A", "1", 9)), List.of(worker("A", "1", 0)));
    assertKept(worker("A", "1", 9));
  }

  @Test
  void managersMaySaveAtOnceInAnyOrder() throws Exception {
    WorkerStore store = stores().workers();
    List<KnownWorker> some =
        new ArrayList<>(IntStream.range(0, 300).mapToObj(i -> worker("A", "a" + i, 0)).toList());
    List<KnownWorker> others =
        new ArrayList<>(IntStream.range(0, 300).mapToObj(i -> worker("A", "b" + i, 0)).toList());
    List<List<KnownWorker>> turns = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 2; i++) {
      turns.add(List.copyOf(some));
      turns.add(List.copyOf(others));
      Collections.reverse(some);
      Collections.reverse(others);
    }
    RequestStoreContract.together(
        4,
        () -> {
          List<KnownWorker> alive = turns.remove(0);
          List<KnownWorker> gone =
              alive.get(0).instance().startsWith("a") ? List.copyOf(others) : List.copyOf(some);
          for (int i = 0; i < 10; i++) {
            store.save(alive, gone);
          }
          return null;
        });
    // those that save opposite things at the same moment may both be right
    store.save(some, others);
    assertEquals(300, store.all().size());
  }
}
