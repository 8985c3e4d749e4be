package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestStore;

class ConcurrentClaimsTest {

  private static final List<WaitingPlace> STEPS_1_AND_2 =
      List.of(new WaitingPlace("t", "type", 1), new WaitingPlace("t", "type", 2));

  private static final int MOVES = 100;

  /** Requests 1 to 6, in turn before the one step and the other. */
  private static void insert(RequestStore store) {
    List<HeldRequest> requests =
        IntStream.rangeClosed(1, 6)
            .mapToObj(
                i ->
                    RequestStoreContract.request(
                        Integer.toString(i),
                        0,
                        RequestState.NEW.waiting(Position.at(1 + i % 2), "worker", "none yet")))
            .map(RequestStoreContract::held)
            .toList();
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    store.change(
        List.of(),
        List.of(),
        known -> RequestStoreContract.made(new Changes(batch, requests, List.of())));
    store.close(batch.id());
  }

  private static List<String> ids(Known known) {
    return known.held().keySet().stream().map(RequestKey::requestId).toList();
  }

  private static List<String> notLocked(JdbcSettings settings) {
    return Jdbi.create(settings.url())
        .inTransaction(
            handle ->
                handle
                    .createQuery(
                        "SELECT request_id FROM request ORDER BY id FOR UPDATE SKIP LOCKED")
                    .mapTo(String.class)
                    .list());
  }

  @ParameterizedTest
  @EnumSource
  void lockOnePageEachAndPassOverThoseOfOthers(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores one = JdbcStores.open(settings);
        JdbcStores other = JdbcStores.open(settings)) {
      insert(one.stores().requests());
      one.stores()
          .requests()
          .claimWaiting(
              STEPS_1_AND_2,
              2,
              first -> {
                assertEquals(List.of("1", "2"), ids(first));
                assertEquals(List.of("3", "4", "5", "6"), notLocked(settings));
                List<String> next =
                    other
                        .stores()
                        .requests()
                        .claimWaiting(
                            STEPS_1_AND_2,
                            2,
                            second -> new Decision.Made<>(Changes.NONE, ids(second)));
                assertEquals(List.of("3", "4"), next);
                return RequestStoreContract.made(Changes.NONE);
              });
    } finally {
      TestDatabases.drop(settings);
    }
  }

  /** However often another one opens a batch between the search for what waits and the locks. */
  @ParameterizedTest
  @EnumSource
  void passOverWhatIsInAnOpenBatch(Dialect dialect) throws Exception {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      RequestStore store = stores.stores().requests();
      insert(store);
      AtomicBoolean open = new AtomicBoolean();
      Semaphore attempts = new Semaphore(0);
      CompletableFuture<Void> moving =
          CompletableFuture.runAsync(() -> moveAllOverAndOver(store, open, attempts));
      int claims = 0;
      while (!moving.isDone() || claims == 0) {
        // whoever has locked a request keeps others from opening a batch with it
        boolean claimed =
            store.claimWaiting(
                STEPS_1_AND_2,
                6,
                known -> {
                  assertFalse(open.get() && !known.held().isEmpty());
                  return new Decision.Made<>(Changes.NONE, !known.held().isEmpty());
                });
        claims += claimed ? 1 : 0;
        attempts.release();
      }
      moving.get();
    } finally {
      TestDatabases.drop(settings);
    }
  }

  /** Each batch stays open for as long as a claim may take that began before it. */
  private static void moveAllOverAndOver(
      RequestStore store, AtomicBoolean open, Semaphore attempts) {
    List<RequestKey> keys =
        IntStream.rangeClosed(1, 6)
            .mapToObj(i -> new RequestKey("t", Integer.toString(i)))
            .toList();
    for (int i = 0; i < MOVES; i++) {
      Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
      store.change(
          keys,
          List.of(),
          known ->
              RequestStoreContract.made(
                  Changes.updating(
                      batch,
                      known.held().values().stream()
                          .map(request -> new Change(request, null))
                          .toList())));
      attempts.drainPermits();
      open.set(true);
      attempts.acquireUninterruptibly();
      open.set(false);
      store.close(batch.id());
    }
  }
}
