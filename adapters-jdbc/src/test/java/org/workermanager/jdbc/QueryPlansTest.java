package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.domain.request.RequestStatus.DISPATCHED;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.RequestStore;

/** No statement of the main job reads a whole table, where there is a lot in it. */
class QueryPlansTest {

  private static final Pattern WHOLE_TABLE =
      Pattern.compile(
          "Seq Scan on (request|open_batch|mark)\\b|(REQUEST|OPEN_BATCH|MARK)\\.tableScan");

  private final List<String> plans = new ArrayList<>();

  /** The connection, but it asks for the plan of each statement before it executes it. */
  private Connection explaining(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object result = method.invoke(connection, arguments);
          return result instanceof PreparedStatement statement
                  && !arguments[0].toString().startsWith("SET ")
              ? explaining(
                  statement, connection.prepareStatement("EXPLAIN " + arguments[0]), arguments[0])
              : result;
        });
  }

  private PreparedStatement explaining(
      PreparedStatement statement, PreparedStatement explain, Object sql) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("set")) {
            method.invoke(explain, arguments);
          } else if (method.getName().startsWith("execute")) {
            plans.add(sql + "\n" + plan(explain));
          }
          return method.invoke(statement, arguments);
        });
  }

  private static String plan(PreparedStatement explain) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (ResultSet lines = explain.executeQuery()) {
      while (lines.next()) {
        plan.append(lines.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private interface Call {
    Object of(Method method, Object[] arguments) throws ReflectiveOperationException, SQLException;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.of(method, arguments)));
  }

  private static List<HeldRequest> requests(String prefix, int count, RequestState state) {
    return IntStream.range(0, count)
        .mapToObj(i -> RequestStoreContract.request(prefix + i, i % 3, state))
        .map(RequestStoreContract::held)
        .toList();
  }

  private static List<RequestKey> keys(List<HeldRequest> requests) {
    return requests.stream().map(held -> held.request().key()).toList();
  }

  private static Change success(Request request, Content result) {
    RequestState state = request.state().answered(RequestStatus.SUCCESS, List.of(), null, true);
    return new Change(request.in(state, RequestStoreContract.LATER), result);
  }

  private static UUID insert(RequestStore store, List<HeldRequest> requests) {
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    store.change(
        keys(requests),
        keys(requests),
        known -> RequestStoreContract.made(new Changes(batch, requests, List.of())));
    return batch.id();
  }

  private static void fill(RequestStore store, Jdbi jdbi) {
    RequestState finished = RequestState.NEW.answered(RequestStatus.SUCCESS, List.of(), null, true);
    for (int i = 0; i < 5; i++) {
      String prefix = i + "-";
      store.close(insert(store, requests(prefix + "marked", 1_000, finished)));
      store.close(
          insert(store, requests(prefix + "waiting", 1_000, RequestStoreContract.waiting())));
    }
    jdbi.useHandle(
        handle -> {
          PreparedBatch open =
              handle.prepareBatch("INSERT INTO open_batch (id, instance) VALUES (?, 'other')");
          for (int i = 0; i < 2_000; i++) {
            open.bind(0, UUID.randomUUID()).add();
          }
          open.execute();
          handle.execute("ANALYZE");
        });
  }

  /** Everything but what looks at all there is: open batches, a broker's reset. */
  private static void work(RequestStore store) {
    List<HeldRequest> few = requests("new", 10, RequestStoreContract.waiting());
    UUID taken = insert(store, few);
    assertEquals(10, store.load(taken).size());
    store.close(taken);
    Batch answering = new Batch(UUID.randomUUID(), UUID.randomUUID());
    List<Change> answers =
        IntStream.range(0, 10)
            .mapToObj(i -> success(few.get(i).request(), i % 2 == 0 ? null : Content.NONE))
            .toList();
    store.change(
        keys(few),
        List.of(),
        known -> RequestStoreContract.made(Changes.updating(answering, answers)));
    store.close(answering.id());
    List<WaitingPlace> places =
        List.of(
            new WaitingPlace("t", "type", Position.START.code()), new WaitingPlace("t", "x", 1));
    int claimed =
        store.claimWaiting(
            places, 10, known -> new Decision.Made<>(Changes.NONE, known.held().size()));
    assertEquals(10, claimed);
    store.dropMarks(Duration.ofDays(1));
  }

  /** What is done page by page; searches and counts for people may look at all there is. */
  private static void operate(RequestStore store, RequestSearch search) {
    long upTo = search.lastId();
    // few are sent, and the database knows: yet it must not look for them from end to end
    RequestFilter sent = RequestFilter.ALL.withStatuses(Selection.of(Set.of(DISPATCHED)));
    assertEquals(List.of(), search.between("t", sent, 0, upTo, 10));
    List<NumberedRequest> page = search.between("t", RequestFilter.ALL, upTo / 2, upTo, 10);
    assertEquals(10, page.size());
    int locked =
        store.changeFound(page, known -> new Decision.Made<>(Changes.NONE, known.held().size()));
    assertEquals(10, locked);
    assertTrue(search.find(page.get(0).request().key()).isPresent());
    Set<Long> ids = page.stream().map(NumberedRequest::id).collect(Collectors.toSet());
    RequestFilter byIds =
        new RequestFilter(null, null, null, null, null, Selection.of(ids), null, null, null);
    assertEquals(10, search.search("t", byIds, PageRequest.first(20)).totalElements());
  }

  /** What was sorted had been read to the end, for each page again. */
  private static void assertReadInOrder(List<String> plans) {
    assertEquals(2, plans.size());
    for (String plan : plans) {
      assertTrue(plan.contains("request_pkey") || plan.contains("PRIMARY_KEY"), plan);
      assertFalse(plan.contains("Sort Key"), plan);
      assertTrue(plan.contains("request_pkey") || plan.contains("index sorted"), plan);
    }
  }

  @ParameterizedTest
  @EnumSource
  void useIndexes(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      fill(stores.stores().requests(), Jdbi.create(settings.url()));
      Jdbi jdbi = Jdbi.create(() -> explaining(DriverManager.getConnection(settings.url())));
      JdbcStores.registerArrays(jdbi);
      RequestStore store = new JdbcRequestStore(dialect, new Transactions(jdbi));
      work(store);
      operate(store, new JdbcRequestSearch(dialect, new Transactions(jdbi), 10));
      for (String plan : plans) {
        assertFalse(WHOLE_TABLE.matcher(plan).find(), plan);
      }
      assertReadInOrder(plans.stream().filter(plan -> plan.contains("r.id > ?")).toList());
      // otherwise one of the key's index, for a whole tenant, would do
      assertTrue(plans.toString().toLowerCase(Locale.ROOT).contains("request_waiting"));
    } finally {
      TestDatabases.drop(settings);
    }
  }
}
