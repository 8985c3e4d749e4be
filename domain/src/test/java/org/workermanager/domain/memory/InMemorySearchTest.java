package org.workermanager.domain.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.PageRequest.Field;
import org.workermanager.domain.search.PageRequest.Sort;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;

class InMemorySearchTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final InMemoryRequestStore store =
      new InMemoryRequestStore(() -> NOW, new InMemoryLeaseStore(() -> NOW));
  private int kept;

  private static Request request(String id, String source, String session, String contentType) {
    return new Request(
        new RequestKey("tenant", id),
        source,
        session,
        contentType,
        0,
        NOW,
        new Fingerprint("0".repeat(64)),
        RequestState.NEW,
        List.of());
  }

  private static Request sent(Request request, String workerType) {
    return request.in(request.state().dispatched(Position.START, workerType, new UUID(0, 1)), NOW);
  }

  private static Request waiting(Request request) {
    return request.in(request.state().waiting(Position.START, null, "why"), NOW);
  }

  private void keep(Request... requests) {
    Batch batch = new Batch(new UUID(0, ++kept), new UUID(1, 1));
    List<HeldRequest> held =
        Stream.of(requests).map(request -> new HeldRequest(request, Content.NONE)).toList();
    store.change(
        held.stream().map(each -> each.request().key()).toList(),
        List.of(),
        known -> new Decision.Made<>(new Changes(batch, held, List.of()), null));
    store.close(batch.id());
  }

  private List<String> sorted(Sort... sort) {
    Page page = store.search("tenant", RequestFilter.ALL, new PageRequest(0, 100, List.of(sort)));
    return page.content().stream().map(found -> found.request().key().requestId()).toList();
  }

  @Test
  void everyFieldCanBeSortedByBothWays() {
    keep(
        sent(request("b", "o3", "s1", "t2"), "W2"),
        waiting(request("c", "o1", "s3", "t1")),
        sent(request("a", "o2", "s2", "t3"), "W1"));
    Map<Field, List<String>> ascending =
        Map.of(
            Field.ID, List.of("b", "c", "a"),
            Field.REQUEST_ID, List.of("a", "b", "c"),
            Field.CREATION_DATE, List.of("b", "c", "a"),
            Field.CONTENT_TYPE, List.of("c", "b", "a"),
            Field.SOURCE, List.of("c", "a", "b"),
            Field.SESSION, List.of("b", "a", "c"),
            Field.STATUS, List.of("b", "a", "c"),
            Field.DISPATCHED_WORKER_TYPE, List.of("c", "a", "b"));
    assertEquals(Set.of(Field.values()), new HashSet<>(ascending.keySet()));
    ascending.forEach(
        (field, ids) -> {
          assertEquals(ids, sorted(new Sort(field, true)), field::name);
          List<String> descending = new ArrayList<>(ids);
          Collections.reverse(descending);
          if (field == Field.CREATION_DATE) {
            descending = ids;
          } else if (field == Field.STATUS) {
            descending = List.of("c", "b", "a");
          }
          assertEquals(descending, sorted(new Sort(field, false)), field::name);
        });
  }

  @Test
  void arrivalDecidesWhatTheSortLeavesOpen() {
    keep(
        waiting(request("1", "x", "s", "t")),
        waiting(request("2", "y", "s", "t")),
        waiting(request("3", "x", "r", "t")));
    assertEquals(List.of("2", "1", "3"), sorted(new Sort(Field.SOURCE, false)));
    assertEquals(
        List.of("3", "1", "2"),
        sorted(new Sort(Field.SOURCE, true), new Sort(Field.SESSION, true)));
  }

  @Test
  void textsAreSortedByCodePoints() {
    // as code units, U+1F600 would come before U+FFFD
    keep(
        waiting(request("\uD83D\uDE00", "o", "s", "t")),
        waiting(request("\uFFFD", "o", "s", "t")),
        waiting(request("a", "o", "s", "t")),
        waiting(request("Z", "o", "s", "t")));
    assertEquals(
        List.of("Z", "a", "\uFFFD", "\uD83D\uDE00"), sorted(new Sort(Field.REQUEST_ID, true)));
  }

  @Test
  void creationDatesAreSorted() {
    Request early = waiting(request("early", "o", "s", "t"));
    Request late =
        new Request(
            new RequestKey("tenant", "late"),
            "o",
            "s",
            "t",
            0,
            NOW.plusSeconds(1),
            early.fingerprint(),
            early.state(),
            early.history());
    keep(late, early);
    assertEquals(List.of("early", "late"), sorted(new Sort(Field.CREATION_DATE, true)));
    assertEquals(List.of("late", "early"), sorted(new Sort(Field.CREATION_DATE, false)));
  }

  @Test
  void aPartIsFoundByNumbers() {
    keep(
        waiting(request("c", "o", "s", "t")),
        waiting(request("b", "x", "s", "t")),
        waiting(request("a", "o", "s", "t")),
        waiting(request("d", "o", "s", "t")));
    RequestFilter owned = new RequestFilter("o", null, null, null, null, null, null, null, null);
    assertEquals(4, store.lastId());
    assertEquals(List.of(1L, 3L), numbers(store.between("tenant", owned, 0, 4, 2)));
    assertEquals(List.of(4L), numbers(store.between("tenant", owned, 3, 4, 2)));
    assertEquals(List.of(3L), numbers(store.between("tenant", owned, 1, 3, 2)));
    assertEquals(List.of(), numbers(store.between("other", owned, 0, 4, 2)));
  }

  private static List<Long> numbers(List<NumberedRequest> found) {
    return found.stream().map(NumberedRequest::id).toList();
  }

  @Test
  void theLargestSessionsAreCountedFirst() {
    for (int i = 0; i < 1_001; i++) {
      keep(waiting(request("" + i, "o" + i % 2, "s%04d".formatted(i), "t")));
    }
    keep(waiting(request("more", "o1", "s0999", "t")));
    List<RequestCounts.SessionCount> sessions =
        store.count("tenant", RequestFilter.ALL).bySession();
    assertEquals(RequestCounts.MAX_SESSIONS, sessions.size());
    assertEquals("s0999", sessions.get(0).session());
    assertEquals(2, sessions.get(0).total());
    assertEquals("s0000", sessions.get(1).session());
    assertEquals("s0002", sessions.get(2).session(), "by owner, then session");
  }
}
