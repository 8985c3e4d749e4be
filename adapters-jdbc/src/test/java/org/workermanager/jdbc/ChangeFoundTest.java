package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.Stores;

/** What was found may be in another transaction's hands when it is to be changed. */
class ChangeFoundTest {

  private static List<NumberedRequest> insertAndFind(Stores stores) {
    List<HeldRequest> requests =
        List.of("moving", "resting", "failing").stream()
            .map(id -> RequestStoreContract.request(id, 0, RequestStoreContract.waiting()))
            .map(RequestStoreContract::held)
            .toList();
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    stores
        .requests()
        .change(
            List.of(),
            List.of(),
            known -> RequestStoreContract.made(new Changes(batch, requests, List.of())));
    stores.requests().close(batch.id());
    return stores.search().between("t", RequestFilter.ALL, 0, Long.MAX_VALUE, 10);
  }

  /** One joins a batch that is opened meanwhile, one fails; only then can they be locked. */
  private static void changeMeanwhile(Handle other) {
    UUID batch = UUID.randomUUID();
    other.execute("INSERT INTO open_batch (id, instance) VALUES (?, 'other')", batch);
    other.execute("UPDATE request SET batch_id = ? WHERE request_id = 'moving'", batch);
    other.execute("UPDATE request SET status = 'ERROR' WHERE request_id = 'failing'");
  }

  @ParameterizedTest
  @EnumSource
  void itIsSeenAsItIsWhenItCanBeLocked(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores database = JdbcStores.open(settings);
        Handle other = Jdbi.open(settings.url())) {
      Stores stores = database.stores();
      List<NumberedRequest> found = insertAndFind(stores);
      other.begin();
      changeMeanwhile(other);
      CompletableFuture<Known> changing =
          CompletableFuture.supplyAsync(
              () ->
                  stores
                      .requests()
                      .changeFound(found, known -> new Decision.Made<>(Changes.NONE, known)));
      TestDatabases.awaitWaiting(1, other, dialect);
      other.commit();
      Known known = changing.join();
      RequestKey failing = new RequestKey("t", "failing");
      assertEquals(Set.of(failing, new RequestKey("t", "resting")), known.held().keySet());
      assertEquals(RequestStatus.ERROR, known.held().get(failing).status());
    } finally {
      TestDatabases.drop(settings);
    }
  }
}
