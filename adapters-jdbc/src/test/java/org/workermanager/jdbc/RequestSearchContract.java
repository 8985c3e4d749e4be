package org.workermanager.jdbc;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.search.ContentTypeSelection;
import org.workermanager.domain.search.ContentTypeSelection.Match;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.PageRequest.Field;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestCounts.SessionCount;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;
import org.workermanager.domain.search.Selection.Mode;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.RequestSearch;

/** What every search promises. */
abstract class RequestSearchContract extends StoreContract {

  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.123456Z");

  private static final RequestState WAITING = RequestStoreContract.waiting();

  /** More than 16 bits, which come before U+FFFD where halves of them are compared. */
  private static final String SMILE = "\ud83d\ude00";

  RequestSearchContract(Kept kept) {
    super(kept);
  }

  private RequestSearch search() {
    return stores().search();
  }

  /** Held requests, in the order of arrival. */
  private void insert(Request... requests) {
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    List<HeldRequest> held = Stream.of(requests).map(RequestStoreContract::held).toList();
    stores()
        .requests()
        .change(
            List.of(),
            List.of(),
            known -> RequestStoreContract.made(new Changes(batch, held, List.of())));
  }

  private static Request request(String id, RequestState state) {
    return request("t", id, "owner", "session", "type", CREATED, state);
  }

  private static Request request(
      String tenant,
      String id,
      String source,
      String session,
      String contentType,
      Instant created,
      RequestState state) {
    return new Request(
        new RequestKey(tenant, id),
        source,
        session,
        contentType,
        0,
        created,
        RequestStoreContract.fingerprint(id),
        state,
        List.of());
  }

  private static Request owned(String id, String source, String session) {
    return request("t", id, source, session, "type", CREATED, WAITING);
  }

  private static Request typed(String contentType) {
    return request("t", contentType, "owner", "session", contentType, CREATED, WAITING);
  }

  private static Request created(String id, Instant created) {
    return request("t", id, "owner", "session", "type", created, WAITING);
  }

  private static RequestState sentTo(String workerType) {
    return RequestState.NEW.dispatched(Position.START, workerType, UUID.randomUUID());
  }

  private static RequestState failed(String workerType) {
    return sentTo(workerType).answered(RequestStatus.ERROR, List.of("e"), null, false);
  }

  private static List<String> ids(List<NumberedRequest> found) {
    return found.stream().map(each -> each.request().key().requestId()).toList();
  }

  /** The requests found, however they are looked for. */
  private Set<String> found(RequestFilter filter) {
    List<NumberedRequest> all = search().between("t", filter, 0, Long.MAX_VALUE, 1_000);
    Page page = search().search("t", filter, PageRequest.first(1_000));
    assertEquals(all, page.content());
    assertEquals(all.size(), page.totalElements());
    assertEquals(
        all.size(),
        search().count("t", filter).byStatus().values().stream().mapToLong(n -> n).sum());
    return Set.copyOf(ids(all));
  }

  private static RequestFilter source(String part) {
    return new RequestFilter(part, null, null, null, null, null, null, null, null);
  }

  private static RequestFilter session(String part) {
    return new RequestFilter(null, part, null, null, null, null, null, null, null);
  }

  private static RequestFilter dispatchedWorkerType(String part) {
    return new RequestFilter(null, null, part, null, null, null, null, null, null);
  }

  private static RequestFilter ids(Mode mode, Set<Long> ids) {
    return new RequestFilter(
        null, null, null, null, null, new Selection<>(ids, mode), null, null, null);
  }

  private static RequestFilter moments(Instant after, Instant before, Instant unchangedSince) {
    return new RequestFilter(null, null, null, null, null, null, after, before, unchangedSince);
  }

  private static RequestFilter statuses(Mode mode, RequestStatus... statuses) {
    return RequestFilter.ALL.withStatuses(new Selection<>(Set.of(statuses), mode));
  }

  private Set<String> foundTyped(Match match, boolean ignoreCase, Mode mode, String... texts) {
    ContentTypeSelection selection =
        new ContentTypeSelection(new Selection<>(Set.of(texts), mode), match, ignoreCase);
    return found(new RequestFilter(null, null, null, selection, null, null, null, null, null));
  }

  @Test
  void theOwnerAndTheSessionContainATextInItsCase() {
    insert(
        owned("1", "One%_\\owner", "s"),
        owned("2", "Two", "the session"),
        owned("3", "", "The Session"));
    assertEquals(Set.of("1"), found(source("%")));
    assertEquals(Set.of("1"), found(source("_\\o")));
    assertEquals(Set.of("1"), found(source("own")));
    assertEquals(Set.of("2"), found(source("Tw")));
    assertEquals(Set.of(), found(source("two")));
    assertEquals(Set.of(), found(source("O_e")));
    assertEquals(Set.of(), found(source("a\u0000")));
    assertEquals(Set.of("1", "2", "3"), found(source("")));
    assertEquals(Set.of("2"), found(session("session")));
    assertEquals(Set.of("2", "3"), found(session("ession")));
  }

  @Test
  void theWorkerTypeItWasSentToContainsAText() {
    insert(request("sent", sentTo("Worker-1")), request("never", WAITING));
    assertEquals(Set.of("sent"), found(dispatchedWorkerType("ker-1")));
    assertEquals(Set.of(), found(dispatchedWorkerType("worker-1")));
    assertEquals(Set.of("sent"), found(dispatchedWorkerType("")));
  }

  @Test
  void contentTypesMatchOneOfTheTexts() {
    insert(typed("abc"), typed("ABC"), typed("cab"), typed("%_"));
    assertEquals(Set.of("abc"), foundTyped(Match.STRICT, false, Mode.INCLUDE, "abc", "ab"));
    assertEquals(
        Set.of("ABC", "cab", "%_"), foundTyped(Match.STRICT, false, Mode.EXCLUDE, "abc", "x"));
    assertEquals(
        Set.of("abc", "cab"), foundTyped(Match.STARTS_WITH, false, Mode.INCLUDE, "ab", "c"));
    assertEquals(Set.of("abc", "ABC"), foundTyped(Match.STARTS_WITH, true, Mode.INCLUDE, "aB"));
    assertEquals(Set.of("abc", "cab"), foundTyped(Match.CONTAINS, false, Mode.INCLUDE, "ab"));
    assertEquals(Set.of("%_"), foundTyped(Match.CONTAINS, false, Mode.INCLUDE, "_", "%"));
    assertEquals(Set.of("cab", "%_"), foundTyped(Match.ENDS_WITH, false, Mode.INCLUDE, "ab", "_"));
    assertEquals(Set.of("%_"), foundTyped(Match.CONTAINS, true, Mode.EXCLUDE, "Ab"));
    assertEquals(Set.of(), foundTyped(Match.CONTAINS, false, Mode.INCLUDE));
    assertEquals(Set.of("abc", "ABC", "cab", "%_"), foundTyped(Match.CONTAINS, true, Mode.EXCLUDE));
    assertEquals(
        Set.of("abc", "ABC", "cab", "%_"), foundTyped(Match.STARTS_WITH, true, Mode.INCLUDE, ""));
    assertEquals(Set.of(), foundTyped(Match.STRICT, true, Mode.INCLUDE, "abc\u0000"));
  }

  @Test
  void whatIsUpperCaseDoesNotDependOnTheDatabasesLanguage() {
    insert(typed("\u00c9T\u00c9 \u0416"), typed("\u03a3"), typed("I"));
    assertEquals(
        Set.of("\u00c9T\u00c9 \u0416"),
        foundTyped(Match.STRICT, true, Mode.INCLUDE, "\u00e9t\u00e9 \u0436"));
    assertEquals(Set.of("\u03a3"), foundTyped(Match.ENDS_WITH, true, Mode.INCLUDE, "\u03c3"));
    assertEquals(Set.of("I"), foundTyped(Match.STRICT, true, Mode.INCLUDE, "i"));
  }

  @Test
  void statusesAndNumbersAreThoseGivenOrTheOthers() {
    insert(
        request("waiting", WAITING),
        request("sent", sentTo("w")),
        request("failed", failed("w")),
        request("running", sentTo("w").running()));
    assertEquals(
        Set.of("sent", "failed"),
        found(statuses(Mode.INCLUDE, RequestStatus.DISPATCHED, RequestStatus.ERROR)));
    assertEquals(
        Set.of("waiting", "running"),
        found(statuses(Mode.EXCLUDE, RequestStatus.DISPATCHED, RequestStatus.ERROR)));
    assertEquals(Set.of(), found(statuses(Mode.INCLUDE)));
    Set<String> all = Set.of("waiting", "sent", "failed", "running");
    assertEquals(all, found(statuses(Mode.EXCLUDE)));
    Map<String, Long> numbers = new HashMap<>();
    search()
        .between("t", RequestFilter.ALL, 0, Long.MAX_VALUE, 10)
        .forEach(each -> numbers.put(each.request().key().requestId(), each.id()));
    Set<Long> two = Set.of(numbers.get("waiting"), numbers.get("failed"), Long.MAX_VALUE);
    assertEquals(Set.of("waiting", "failed"), found(ids(Mode.INCLUDE, two)));
    assertEquals(Set.of("sent", "running"), found(ids(Mode.EXCLUDE, two)));
    assertEquals(Set.of(), found(ids(Mode.INCLUDE, Set.of())));
    assertEquals(all, found(ids(Mode.EXCLUDE, Set.of())));
  }

  @Test
  void momentsAreComparedToTheNanosecond() {
    Instant next = CREATED.plusNanos(1_000);
    insert(created("1", CREATED), created("2", next));
    assertEquals(Set.of("1", "2"), found(moments(CREATED, null, null)));
    assertEquals(Set.of("2"), found(moments(CREATED.plusNanos(1), null, null)));
    assertEquals(Set.of(), found(moments(next.plusNanos(1), null, null)));
    assertEquals(Set.of("1"), found(moments(null, CREATED, null)));
    assertEquals(Set.of("1"), found(moments(null, CREATED.plusNanos(999), null)));
    assertEquals(Set.of("1", "2"), found(moments(CREATED, next, null)));
    assertEquals(Set.of(), found(moments(null, CREATED.minusNanos(1), null)));
    assertEquals(Set.of("1", "2"), found(moments(Instant.MIN, Instant.MAX, Instant.MAX)));
    assertEquals(Set.of(), found(moments(Instant.MAX, null, null)));
    assertEquals(Set.of(), found(moments(null, Instant.MIN, null)));
  }

  @Test
  void unchangedIsWhatHasBeenInItsStateForLong() {
    Request old = request("old", WAITING);
    Request changed = request("changed", WAITING);
    insert(old, changed);
    Instant later = CREATED.plusSeconds(10);
    Request failed = changed.in(failed("w"), later);
    stores()
        .requests()
        .change(
            List.of(changed.key()),
            List.of(),
            known ->
                RequestStoreContract.made(
                    Changes.updating(
                        new Batch(UUID.randomUUID(), UUID.randomUUID()),
                        List.of(new Change(failed, null)))));
    assertEquals(Set.of(), found(moments(null, null, CREATED.minusNanos(1))));
    assertEquals(Set.of("old"), found(moments(null, null, CREATED)));
    assertEquals(Set.of("old"), found(moments(null, null, later.minusNanos(1))));
    assertEquals(Set.of("old", "changed"), found(moments(null, null, later)));
  }

  @Test
  void allThatIsAskedForApplies() {
    insert(
        owned("1", "a", "x"),
        owned("2", "a", "y"),
        request("t", "3", "a", "x", "other", CREATED, WAITING),
        request("t", "4", "a", "x", "type", CREATED.plusSeconds(1), failed("w")));
    RequestFilter both = new RequestFilter("a", "x", null, null, null, null, null, null, null);
    assertEquals(Set.of("1", "3", "4"), found(both));
    ContentTypeSelection type =
        new ContentTypeSelection(Selection.of(Set.of("TYPE")), Match.STRICT, true);
    assertEquals(
        Set.of("4"),
        found(
            new RequestFilter(
                "a",
                "x",
                "w",
                type,
                Selection.of(Set.of(RequestStatus.ERROR)),
                new Selection<>(Set.of(-1L), Mode.EXCLUDE),
                CREATED,
                CREATED.plusSeconds(1),
                CREATED.plusSeconds(1))));
  }

  @Test
  void otherTenantsAndWhatIsFinishedAreOutOfSight() {
    RequestState finished = sentTo("w").answered(RequestStatus.SUCCESS, List.of(), null, true);
    insert(
        request("1", WAITING),
        request("2", finished),
        request("u", "1", "owner", "session", "type", CREATED, failed("w")),
        request("u", "3", "owner", "session", "type", CREATED, failed("w")));
    assertEquals(Set.of("1"), found(RequestFilter.ALL));
    assertEquals(
        Map.of(RequestStatus.ERROR, 2L), search().count("u", RequestFilter.ALL).byStatus());
    assertEquals(0, search().search("v", RequestFilter.ALL, PageRequest.first(1)).totalElements());
    assertEquals(Optional.empty(), search().find(new RequestKey("t", "2")));
    assertEquals(Optional.empty(), search().find(new RequestKey("t", "3")));
    assertEquals(
        RequestStatus.ERROR,
        search().find(new RequestKey("u", "1")).orElseThrow().request().status());
  }

  @Test
  void findsOneInFull() {
    Request request = request("1", WAITING);
    insert(request);
    RequestDetails details = search().find(request.key()).orElseThrow();
    assertEquals(request, details.request());
    assertEquals(RequestStoreContract.held(request).content(), details.content());
    assertEquals(null, details.originalContent());
    assertEquals(search().lastId(), details.numbered().id());
    Content result = Content.of(new byte[] {1, 0});
    Request next = request.in(sentTo("next"), CREATED.plusSeconds(1));
    stores()
        .requests()
        .change(
            List.of(request.key()),
            List.of(),
            known ->
                RequestStoreContract.made(
                    Changes.updating(
                        new Batch(UUID.randomUUID(), UUID.randomUUID()),
                        List.of(new Change(next, result)))));
    RequestDetails after = search().find(request.key()).orElseThrow();
    assertEquals(next, after.request());
    assertEquals(result, after.content());
    assertEquals(RequestStoreContract.held(request).content(), after.originalContent());
    assertEquals(details.numbered().id(), after.numbered().id());
  }

  @Test
  void theLastNumberIsThatOfTheRequestThatArrivedLast() {
    assertEquals(0, search().lastId());
    insert(request("b", WAITING), request("a", WAITING));
    long last = search().lastId();
    assertEquals(List.of("b", "a"), ids(search().between("t", RequestFilter.ALL, 0, last, 10)));
    insert(request("u", "0", "owner", "session", "type", CREATED, WAITING));
    assertEquals(
        search().find(new RequestKey("u", "0")).orElseThrow().numbered().id(), search().lastId());
  }

  @Test
  void whatIsBetweenComesPageByPage() {
    insert(
        IntStream.range(0, 25)
            .mapToObj(i -> owned("r" + i, i % 5 == 0 ? "few" : "many", "s"))
            .toArray(Request[]::new));
    long upTo = search().find(new RequestKey("t", "r19")).orElseThrow().numbered().id();
    List<String> all = new ArrayList<>();
    long after = 0;
    List<NumberedRequest> page;
    do {
      page = search().between("t", RequestFilter.ALL, after, upTo, 7);
      all.addAll(ids(page));
      after = page.isEmpty() ? after : page.get(page.size() - 1).id();
    } while (!page.isEmpty());
    assertEquals(IntStream.range(0, 20).mapToObj(i -> "r" + i).toList(), all);
    long third = search().find(new RequestKey("t", "r3")).orElseThrow().numbered().id();
    assertEquals(List.of("r5", "r10"), ids(search().between("t", source("few"), third, upTo, 2)));
  }

  private List<String> sorted(PageRequest.Sort... sort) {
    List<String> whole =
        ids(
            search()
                .search("t", RequestFilter.ALL, new PageRequest(0, 100, List.of(sort)))
                .content());
    List<String> inPages = new ArrayList<>();
    for (int page = 0; page < 4; page++) {
      Page part = search().search("t", RequestFilter.ALL, new PageRequest(page, 2, List.of(sort)));
      assertEquals(whole.size(), part.totalElements());
      inPages.addAll(ids(part.content()));
    }
    assertEquals(whole, inPages);
    return whole;
  }

  private static PageRequest.Sort by(Field field, boolean ascending) {
    return new PageRequest.Sort(field, ascending);
  }

  @Test
  void sortsByEachFieldBothWaysAndThenByArrival() {
    insert(
        request("t", "b", "b", "a", SMILE, CREATED, failed("b")),
        request("t", "\ufffd", "B", "\u00e9", "\ufffd", CREATED.plusNanos(1_000), sentTo("a")),
        request("t", SMILE, "", "z", "z", CREATED.minusSeconds(1), WAITING),
        request("t", "B", "b", "a b", "z", CREATED, WAITING));
    List<String> arrival = List.of("b", "\ufffd", SMILE, "B");
    assertEquals(arrival, sorted());
    assertEquals(arrival, sorted(by(Field.ID, true)));
    assertEquals(List.of("B", SMILE, "\ufffd", "b"), sorted(by(Field.ID, false)));
    assertEquals(List.of("B", "b", "\ufffd", SMILE), sorted(by(Field.REQUEST_ID, true)));
    assertEquals(List.of(SMILE, "\ufffd", "b", "B"), sorted(by(Field.REQUEST_ID, false)));
    assertEquals(List.of(SMILE, "b", "B", "\ufffd"), sorted(by(Field.CREATION_DATE, true)));
    assertEquals(List.of("\ufffd", "b", "B", SMILE), sorted(by(Field.CREATION_DATE, false)));
    assertEquals(List.of(SMILE, "B", "\ufffd", "b"), sorted(by(Field.CONTENT_TYPE, true)));
    assertEquals(List.of("b", "\ufffd", SMILE, "B"), sorted(by(Field.CONTENT_TYPE, false)));
    assertEquals(List.of(SMILE, "\ufffd", "b", "B"), sorted(by(Field.SOURCE, true)));
    assertEquals(List.of("b", "B", "\ufffd", SMILE), sorted(by(Field.SOURCE, false)));
    assertEquals(List.of("b", "B", SMILE, "\ufffd"), sorted(by(Field.SESSION, true)));
    assertEquals(List.of("\ufffd", SMILE, "B", "b"), sorted(by(Field.SESSION, false)));
    assertEquals(List.of("\ufffd", "b", SMILE, "B"), sorted(by(Field.STATUS, true)));
    assertEquals(List.of(SMILE, "B", "b", "\ufffd"), sorted(by(Field.STATUS, false)));
    Field sentTo = Field.DISPATCHED_WORKER_TYPE;
    assertEquals(List.of(SMILE, "B", "\ufffd", "b"), sorted(by(sentTo, true)));
    assertEquals(List.of("b", "\ufffd", SMILE, "B"), sorted(by(sentTo, false)));
    assertEquals(
        List.of(SMILE, "B", "b", "\ufffd"),
        sorted(by(Field.STATUS, false), by(Field.CREATION_DATE, true)));
    assertEquals(
        List.of("B", SMILE, "b", "\ufffd"),
        sorted(by(Field.STATUS, false), by(Field.CREATION_DATE, false)));
  }

  @Test
  void aPageAfterTheLastIsEmptyAndKnowsTheTotal() {
    insert(request("1", WAITING), request("2", WAITING), request("3", WAITING));
    for (int page = 0; page < 4; page++) {
      Page found = search().search("t", RequestFilter.ALL, new PageRequest(page, 2, List.of()));
      assertEquals(3, found.totalElements());
      assertEquals(List.of(2, 1, 0, 0).get(page), found.content().size());
    }
    PageRequest farthest = new PageRequest(Integer.MAX_VALUE, 1_000, List.of());
    assertEquals(3, search().search("t", RequestFilter.ALL, farthest).totalElements());
  }

  @Test
  void countsByStatusWorkerTypeAndSession() {
    insert(
        owned("1", "a", "x"),
        request("t", "2", "a", "y", "type", CREATED, failed("w")),
        request("t", "3", "a", "y", "type", CREATED, sentTo("w")),
        request("t", "4", "b", "x", "type", CREATED, failed("v")),
        request(
            "t",
            "5",
            "b",
            "x",
            "type",
            CREATED,
            RequestState.NEW.waiting(Position.START, null, "none is configured")));
    RequestCounts counts = search().count("t", RequestFilter.ALL);
    assertEquals(
        Map.of(
            RequestStatus.NO_WORKER_AVAILABLE, 2L,
            RequestStatus.ERROR, 2L,
            RequestStatus.DISPATCHED, 1L),
        counts.byStatus());
    assertEquals(
        Map.of(
            "worker", Map.of(RequestStatus.NO_WORKER_AVAILABLE, 1L),
            "w", Map.of(RequestStatus.ERROR, 1L, RequestStatus.DISPATCHED, 1L),
            "v", Map.of(RequestStatus.ERROR, 1L)),
        counts.byWorkerType());
    assertEquals(
        List.of(
            new SessionCount(
                "a", "y", Map.of(RequestStatus.ERROR, 1L, RequestStatus.DISPATCHED, 1L)),
            new SessionCount(
                "b", "x", Map.of(RequestStatus.ERROR, 1L, RequestStatus.NO_WORKER_AVAILABLE, 1L)),
            new SessionCount("a", "x", Map.of(RequestStatus.NO_WORKER_AVAILABLE, 1L))),
        counts.bySession());
    assertEquals(
        Map.of(RequestStatus.ERROR, 2L),
        search().count("t", statuses(Mode.INCLUDE, RequestStatus.ERROR)).byStatus());
    assertEquals(
        List.of("y"),
        search().count("t", dispatchedWorkerType("w")).bySession().stream()
            .map(SessionCount::session)
            .toList());
    assertEquals(
        new RequestCounts(Map.of(), Map.of(), List.of()), search().count("u", RequestFilter.ALL));
  }

  @Test
  void onlyTheLargestSessionsAreCounted() {
    int sessions = RequestCounts.MAX_SESSIONS + 2;
    insert(
        IntStream.range(0, sessions + 1)
            .mapToObj(i -> owned("r" + i, "a", String.format("s%04d", i % sessions)))
            .toArray(Request[]::new));
    List<SessionCount> counted = search().count("t", RequestFilter.ALL).bySession();
    assertEquals(
        IntStream.range(0, RequestCounts.MAX_SESSIONS)
            .mapToObj(i -> String.format("s%04d", i))
            .toList(),
        counted.stream().map(SessionCount::session).toList());
    assertEquals(Set.of(2L, 1L), counted.stream().map(SessionCount::total).collect(toSet()));
  }
}
