package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.search.ContentTypeSelection;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.Stores;

/** A database finds what the filter says it applies to, in the same order: on random ones. */
class SearchAgreementTest {

  private static final int REQUESTS = 300;
  private static final int FILTERS = 150;

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  /** Characters that somebody may compare, escape, order or lower the case of in another way. */
  private static final List<String> LETTERS =
      List.of(
          "a",
          "A",
          "b",
          "B",
          "z",
          "_",
          "%",
          "\\",
          "'",
          "\"",
          " ",
          "\n",
          "?",
          ":",
          "\u00e9",
          "\u00c9",
          "\u00df",
          "\u1e9e",
          "i",
          "I",
          "\u0130",
          "\u0131",
          "\u03a3",
          "\u03c3",
          "\u03c2",
          "\u212a",
          "k",
          "\u01c5",
          "\u01c6",
          "\uff21",
          "\uff41",
          "\ufffd",
          "\ud83d\ude00",
          "\ud801\udc00",
          "\ud801\udc28");

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private String text(int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      text.append(oneOf(LETTERS));
    }
    return text.toString();
  }

  private Instant moment() {
    return START.plusNanos(1_000L * random.nextInt(50));
  }

  private RequestState state() {
    String workerType = random.nextInt(4) == 0 ? null : "w" + text(3);
    RequestState waiting = RequestState.NEW.waiting(Position.START, workerType, "r");
    if (random.nextInt(3) == 0) {
      return waiting;
    }
    RequestState sent = waiting.dispatched(Position.START, text(3) + "w", UUID.randomUUID());
    return oneOf(
        List.of(
            sent,
            sent.running(),
            sent.waiting(Position.at(2), workerType, "r"),
            sent.answered(RequestStatus.ERROR, List.of("e"), null, false),
            sent.answered(RequestStatus.INVALID_CONTENT, List.of("e"), null, false),
            sent.answered(RequestStatus.SUCCESS, List.of(), null, true),
            sent.deleted()));
  }

  private HeldRequest request(int number) {
    Request request =
        new Request(
            new RequestKey(oneOf(List.of("t", "T", "u")), text(4) + number),
            text(4),
            text(2),
            text(4),
            0,
            moment(),
            RequestStoreContract.fingerprint("f"),
            RequestState.NEW,
            List.of());
    return RequestStoreContract.held(request.in(state(), moment().plusNanos(20_000)));
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

  private <T> T maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? value.get() : null;
  }

  private <T> Selection<T> selection(int most, Supplier<T> value) {
    Set<T> values = new HashSet<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      values.add(value.get());
    }
    return new Selection<>(values, oneOf(List.of(Selection.Mode.values())));
  }

  private Instant aboutThen() {
    return random.nextInt(20) == 0
        ? oneOf(List.of(Instant.MIN, Instant.MAX, Instant.EPOCH))
        : START.plusNanos(random.nextInt(80_000));
  }

  private RequestFilter filter() {
    return new RequestFilter(
        maybe(() -> text(1)),
        maybe(() -> text(1)),
        maybe(() -> text(1)),
        maybe(
            () ->
                new ContentTypeSelection(
                    selection(4, () -> text(2)),
                    oneOf(List.of(ContentTypeSelection.Match.values())),
                    random.nextBoolean())),
        maybe(() -> selection(4, () -> oneOf(List.of(RequestStatus.values())))),
        maybe(() -> selection(200, () -> (long) random.nextInt(REQUESTS + 5))),
        maybe(this::aboutThen),
        maybe(this::aboutThen),
        maybe(this::aboutThen));
  }

  private PageRequest page() {
    List<PageRequest.Sort> sort =
        Stream.generate(() -> oneOf(List.of(PageRequest.Field.values())))
            .limit(random.nextInt(4))
            .map(field -> new PageRequest.Sort(field, random.nextBoolean()))
            .toList();
    int size = 1 + random.nextInt(100);
    return new PageRequest(random.nextInt(1 + 50 / size), size, sort);
  }

  private static List<NumberedRequest> between(
      RequestSearch search, String tenant, RequestFilter filter, long upTo, int limit) {
    List<NumberedRequest> all = new ArrayList<>();
    List<NumberedRequest> page;
    do {
      long after = all.isEmpty() ? 0 : all.get(all.size() - 1).id();
      page = search.between(tenant, filter, after, upTo, limit);
      all.addAll(page);
    } while (!page.isEmpty());
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void asTheFilterSaysItself(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    try (JdbcStores database = JdbcStores.open(settings)) {
      Stores memory = StoreContract.inMemory();
      List<HeldRequest> requests = IntStream.range(0, REQUESTS).mapToObj(this::request).toList();
      insert(memory, requests);
      insert(database.stores(), requests);
      for (String tenant : List.of("t", "T", "u")) {
        PageRequest all = PageRequest.first(REQUESTS);
        assertEquals(
            memory.search().search(tenant, RequestFilter.ALL, all),
            database.stores().search().search(tenant, RequestFilter.ALL, all));
      }
      for (int i = 0; i < FILTERS; i++) {
        assertAgree(memory.search(), database.stores().search(), filter());
      }
    } finally {
      TestDatabases.drop(settings);
    }
  }

  private void assertAgree(RequestSearch memory, RequestSearch database, RequestFilter filter) {
    String tenant = oneOf(Arrays.asList("t", "t", "T", "u", "v"));
    PageRequest page = page();
    int limit = 1 + random.nextInt(100);
    long upTo = random.nextInt(2 * REQUESTS);
    Supplier<String> what = () -> "seed " + seed + ", " + filter + ", " + page;
    Page expected = memory.search(tenant, filter, page);
    Page found = database.search(tenant, filter, page);
    assertEquals(ids(expected.content()), ids(found.content()), what);
    assertEquals(expected.totalElements(), found.totalElements(), what);
    assertEquals(memory.count(tenant, filter), database.count(tenant, filter), what);
    assertEquals(
        ids(between(memory, tenant, filter, upTo, limit)),
        ids(between(database, tenant, filter, upTo, limit)),
        what);
  }

  private static List<Long> ids(List<NumberedRequest> requests) {
    return requests.stream().map(NumberedRequest::id).toList();
  }
}
