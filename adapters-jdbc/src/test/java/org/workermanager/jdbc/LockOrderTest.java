package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestStore;

/**
 * Whoever waits for a lock has no lock on anything that comes later in key order: so no two can
 * wait for each other. Each test has the store come in the way of another transaction, which has
 * the second of three requests that arrived in the opposite order.
 */
class LockOrderTest {

  private static final List<String> ARRIVED = List.of("c", "b", "a");

  private static final String LOCK =
      "SELECT id FROM request WHERE request_id = ? FOR UPDATE NOWAIT";

  private static HeldRequest waiting(String id) {
    return RequestStoreContract.held(
        RequestStoreContract.request(id, 0, RequestStoreContract.waiting()));
  }

  private static Decision.Made<Void> finishing(Batch batch, Stream<Request> requests) {
    return RequestStoreContract.made(
        Changes.updating(
            batch,
            requests
                .map(
                    request ->
                        request.in(
                            request.state().answered(RequestStatus.SUCCESS, List.of(), null, true),
                            RequestStoreContract.LATER))
                .map(request -> new Change(request, null))
                .toList()));
  }

  private static Batch newBatch() {
    return new Batch(UUID.randomUUID(), UUID.randomUUID());
  }

  private static List<RequestKey> keys() {
    return ARRIVED.stream().map(id -> new RequestKey("t", id)).toList();
  }

  private static void insert(RequestStore store) {
    List<HeldRequest> requests = ARRIVED.stream().map(LockOrderTest::waiting).toList();
    store.change(
        keys(),
        List.of(),
        known -> RequestStoreContract.made(new Changes(newBatch(), requests, List.of())));
  }

  /** Does one thing while another transaction has b; then that one must get c at once. */
  private static void assertTakesNothingLater(
      JdbcSettings settings, Dialect dialect, String take, Runnable inTheWay) {
    try (Handle other = Jdbi.open(settings.url())) {
      other.begin();
      other.execute(take, "b");
      CompletableFuture<Void> waiting = CompletableFuture.runAsync(inTheWay);
      TestDatabases.awaitWaiting(1, other, dialect);
      other.execute(take, "c");
      other.rollback();
      waiting.join();
    }
  }

  /** On PostgreSQL only: an insert into H2 that meets an unfinished one fails, and is run again. */
  @Test
  void inserting() {
    JdbcSettings settings = TestDatabases.postgreSql();
    try (JdbcStores stores = JdbcStores.open(settings)) {
      assertTakesNothingLater(
          settings,
          Dialect.POSTGRESQL,
          """
          SET LOCAL lock_timeout = '300ms';
          INSERT INTO request (id, tenant, request_id, source, session, content_type, priority,
            creation_date, fingerprint, status, position, finished, content)
          SELECT 1000 + ascii(id), 't', id, 'o', 's', 't', 1, now(), '', 'ERROR', 1, false, ''
          FROM (VALUES (?)) AS k (id)
          """,
          () -> insert(stores.stores().requests()));
      assertEquals(
          Map.of(RequestStatus.NO_WORKER_AVAILABLE, 3L),
          stores.stores().search().count("t", RequestFilter.ALL).byStatus());
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void changing(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      insert(stores.stores().requests());
      assertTakesNothingLater(
          settings,
          dialect,
          LOCK,
          () ->
              stores
                  .stores()
                  .requests()
                  .change(
                      keys(),
                      List.of(),
                      known -> finishing(newBatch(), known.held().values().stream())));
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void changingWhatWasFound(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      insert(stores.stores().requests());
      List<NumberedRequest> found =
          stores.stores().search().between("t", RequestFilter.ALL, 0, Long.MAX_VALUE, 10);
      assertTakesNothingLater(
          settings,
          dialect,
          LOCK,
          () ->
              stores
                  .stores()
                  .requests()
                  .changeFound(found, known -> RequestStoreContract.made(Changes.NONE)));
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closing(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      RequestStore store = stores.stores().requests();
      insert(store);
      Batch batch = newBatch();
      store.change(keys(), List.of(), known -> finishing(batch, known.held().values().stream()));
      assertTakesNothingLater(settings, dialect, LOCK, () -> store.close(batch.id()));
      assertTrue(store.load(batch.id()).isEmpty());
    } finally {
      TestDatabases.drop(settings);
    }
  }
}
