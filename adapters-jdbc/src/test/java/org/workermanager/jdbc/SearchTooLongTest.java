package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.search.ContentTypeSelection;
import org.workermanager.domain.search.ContentTypeSelection.Match;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.SearchTooLongException;

class SearchTooLongTest {

  private static final int REQUESTS = 5_000;

  /** Compares each request's content type with many long texts. */
  private static RequestFilter slow() {
    Set<String> texts =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "b" + "a".repeat(150) + i)
            .collect(Collectors.toSet());
    return new RequestFilter(
        null,
        null,
        null,
        new ContentTypeSelection(Selection.of(texts), Match.CONTAINS, true),
        null,
        null,
        null,
        null,
        null);
  }

  private static HeldRequest request(int number) {
    Request request = RequestStoreContract.request("r" + number, 0, RequestStoreContract.waiting());
    return RequestStoreContract.held(
        new Request(
            new RequestKey("t", "r" + number),
            request.source(),
            request.session(),
            "a".repeat(255),
            0,
            request.creationDate(),
            request.fingerprint(),
            request.state(),
            List.of()));
  }

  private static void insert(RequestStore store) {
    List<HeldRequest> requests =
        IntStream.range(0, REQUESTS).mapToObj(SearchTooLongTest::request).toList();
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    store.change(
        List.of(),
        List.of(),
        known -> RequestStoreContract.made(new Changes(batch, requests, List.of())));
  }

  /** Each takes a second: three, for a limit that was ended has to be set again. */
  @ParameterizedTest
  @EnumSource
  void isGivenUpAndSaysWhatToDoAndLimitsNothingElse(Dialect dialect) throws Exception {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores stores = JdbcStores.open(settings);
        Connection connection = DriverManager.getConnection(settings.url())) {
      insert(stores.stores().requests());
      Jdbi jdbi = Jdbi.create(connection);
      JdbcStores.registerArrays(jdbi);
      RequestSearch search = new JdbcRequestSearch(dialect, new Transactions(jdbi), 1);
      SearchTooLongException e =
          assertThrows(
              SearchTooLongException.class,
              () -> search.search("t", slow(), PageRequest.first(10)));
      assertTrue(e.getMessage().contains("narrow the filter"), e.getMessage());
      assertThrows(
          SearchTooLongException.class, () -> search.between("t", slow(), 0, Long.MAX_VALUE, 10));
      assertEquals(
          REQUESTS, search.search("t", RequestFilter.ALL, PageRequest.first(1)).totalElements());
      assertThrows(SearchTooLongException.class, () -> search.count("t", slow()));
      assertUnlimited(connection);
    } finally {
      TestDatabases.drop(settings);
    }
  }

  private static void assertUnlimited(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement
          .executeQuery(
              connection.getMetaData().getDatabaseProductName().equals("H2")
                  ? "SELECT count(*) FROM system_range(1, 4000) a, system_range(1, 4000) b"
                      + " WHERE a.x + b.x < 0"
                  : "SELECT pg_sleep(1.2)")
          .close();
    }
  }
}
