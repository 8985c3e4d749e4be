package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.Stores;

/**
 * What is found page by page is retried page by page, which loads all contents of a page: they have
 * to fit into memory.
 */
class LargePagesTest {

  private static final int HALF_A_PAGE = (int) JdbcRequestStore.PAGE_BYTES / 2 + 1;

  private static HeldRequest request(int number, int bytes, String message) {
    RequestState waiting = RequestState.NEW.waiting(RequestState.NEW.position(), "worker", message);
    Request request = RequestStoreContract.request("r" + number, 0, waiting);
    return new HeldRequest(request, Content.of(new byte[bytes]));
  }

  private static void insert(Stores stores, List<HeldRequest> requests) {
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    stores
        .requests()
        .change(
            List.of(),
            List.of(),
            known -> RequestStoreContract.made(new Changes(batch, requests, List.of())));
  }

  private static List<List<String>> pages(RequestSearch search) {
    List<List<String>> pages = new ArrayList<>();
    List<NumberedRequest> page = search.between("t", RequestFilter.ALL, 0, Long.MAX_VALUE, 4);
    while (!page.isEmpty()) {
      pages.add(page.stream().map(found -> found.request().key().requestId()).toList());
      long after = page.get(page.size() - 1).id();
      page = search.between("t", RequestFilter.ALL, after, Long.MAX_VALUE, 4);
    }
    return pages;
  }

  @ParameterizedTest
  @EnumSource
  void aPageIsShortWhereContentsOrMessagesAreLarge(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores database = JdbcStores.open(settings)) {
      Stores stores = database.stores();
      List<HeldRequest> requests = new ArrayList<>();
      IntStream.range(0, 3).forEach(i -> requests.add(request(i, HALF_A_PAGE, "why")));
      IntStream.range(3, 5).forEach(i -> requests.add(request(i, 1, "x".repeat(HALF_A_PAGE))));
      IntStream.range(5, 10).forEach(i -> requests.add(request(i, 1, "why")));
      insert(stores, requests);
      assertEquals(
          List.of(
              List.of("r0", "r1"),
              List.of("r2", "r3"),
              List.of("r4", "r5", "r6", "r7"),
              List.of("r8", "r9")),
          pages(stores.search()));
    } finally {
      TestDatabases.drop(settings);
    }
  }
}
