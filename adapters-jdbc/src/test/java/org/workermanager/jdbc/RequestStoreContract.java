package org.workermanager.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.Answer;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestStore;

/** What every request store promises; subclasses say which one. */
abstract class RequestStoreContract extends StoreContract {

  private static final WaitingPlace START = new WaitingPlace("t", "type", Position.START.code());

  /** When something happens to a request, after it was taken. */
  static final Instant LATER = Instant.parse("2026-01-02T03:04:06.000001Z");

  RequestStoreContract(Kept kept) {
    super(kept);
  }

  RequestStore store() {
    return stores().requests();
  }

  private Optional<HeldRequest> find(RequestKey key) {
    return stores()
        .search()
        .find(key)
        .map(found -> new HeldRequest(found.request(), found.content()));
  }

  static Request request(String id, int priority, RequestState state) {
    return new Request(
        new RequestKey("t", id),
        "owner",
        "session",
        "type",
        priority,
        Instant.parse("2026-01-02T03:04:05.123456Z"),
        fingerprint(id),
        state,
        List.of());
  }

  static Fingerprint fingerprint(String text) {
    return new Fingerprint(String.format("%064x", text.hashCode() & 0xffffffffL));
  }

  static RequestState waiting() {
    return RequestState.NEW.waiting(Position.START, "worker", "No worker is alive.");
  }

  static HeldRequest held(Request request) {
    return new HeldRequest(
        request, Content.of(("content of " + request.key().requestId()).getBytes(UTF_8)));
  }

  Batch insert(HeldRequest... requests) {
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    List<RequestKey> keys = List.of(requests).stream().map(held -> held.request().key()).toList();
    store()
        .change(keys, List.of(), known -> made(new Changes(batch, List.of(requests), List.of())));
    return batch;
  }

  Batch update(Content content, Request... requests) {
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    List<RequestKey> keys = List.of(requests).stream().map(Request::key).toList();
    List<Change> changes =
        List.of(requests).stream().map(request -> new Change(request, content)).toList();
    store().change(keys, List.of(), known -> made(Changes.updating(batch, changes)));
    return batch;
  }

  static Decision.Made<Void> made(Changes changes) {
    return new Decision.Made<>(changes, null);
  }

  Map<RequestKey, Request> known(String... ids) {
    List<RequestKey> keys = List.of(ids).stream().map(id -> new RequestKey("t", id)).toList();
    return store()
        .change(keys, List.of(), known -> new Decision.Made<>(Changes.NONE, known.held()));
  }

  List<String> claim(Collection<WaitingPlace> places, int limit) {
    return store()
        .claimWaiting(
            places,
            limit,
            known ->
                new Decision.Made<>(
                    Changes.NONE,
                    known.held().keySet().stream().map(RequestKey::requestId).toList()));
  }

  @Test
  void readsBackWhatWasInserted() {
    List<Fingerprint> earlier =
        IntStream.range(0, Answer.EARLIER_KEPT).mapToObj(i -> fingerprint("x" + i)).toList();
    RequestState state =
        RequestState.NEW
            .steppedOn(Map.of("a", "line\nwith \\ and \\n", "b", ""), fingerprint("opening"))
            .dispatched(Position.at(7), "worker", UUID.randomUUID())
            .answered(
                RequestStatus.ERROR,
                List.of("first\nline", "", "\u00e9\ud83d\ude00"),
                new Answer(fingerprint("x"), true, earlier),
                false);
    Request request = request("1", 200, state);
    insert(held(request));
    assertEquals(request, known("1").get(request.key()));
    assertEquals(held(request), find(request.key()).orElseThrow());
  }

  @Test
  void readsBackEveryPosition() {
    Request at = request("at", 0, RequestState.NEW.waiting(Position.at(0), null, "r"));
    Request after = request("after", 0, RequestState.NEW.waiting(Position.after(3), null, "r"));
    insert(held(at), held(after), held(request("start", 0, waiting())));
    assertEquals(Position.at(0), known("at").get(at.key()).state().position());
    assertEquals(Position.after(3), known("after").get(after.key()).state().position());
    assertEquals(
        Position.START, known("start").get(new RequestKey("t", "start")).state().position());
  }

  @Test
  void tenantsDoNotShareIds() {
    Request one = request("1", 0, waiting());
    insert(held(one));
    assertTrue(find(new RequestKey("other", "1")).isEmpty());
  }

  @Test
  void updatesStateAndContent() {
    Request request = request("1", 0, waiting());
    store().close(insert(held(request)).id());
    Request dispatched =
        request.in(waiting().dispatched(Position.START, "worker", UUID.randomUUID()), LATER);
    Batch batch = update(null, dispatched);
    assertEquals(List.of(held(dispatched)), store().load(batch.id()));
    Content result = Content.of(new byte[] {1, 0, 2});
    Request step = dispatched.in(dispatched.state().waiting(Position.at(2), "next", "r"), LATER);
    Batch next = update(result, step);
    assertEquals(List.of(new HeldRequest(step, result)), store().load(next.id()));
    assertEquals(List.of(), store().load(batch.id()));
  }

  @Test
  void aChangeWithoutABatchLeavesTheBatch() {
    Request request =
        request("1", 0, waiting().dispatched(Position.START, "worker", UUID.randomUUID()));
    Batch batch = insert(held(request));
    Request running = request.in(request.state().running(), LATER);
    Changes silent = new Changes(null, List.of(), List.of(new Change(running, null)));
    store().change(List.of(request.key()), List.of(), known -> made(silent));
    assertEquals(List.of(held(running)), store().load(batch.id()));
    assertEquals(1, store().openBatches().size());
  }

  @Test
  void aRequestThatIsOnlyRunningStaysInItsBatch() {
    Request sent =
        request("sent", 0, waiting().dispatched(Position.START, "worker", UUID.randomUUID()));
    Request other = request("other", 0, sent.state());
    Batch dispatching = insert(held(sent), held(other));
    Request running = sent.in(sent.state().running(), LATER);
    Request failed =
        other.in(other.state().answered(RequestStatus.ERROR, List.of("e"), null, false), LATER);
    Batch answering = update(null, running, failed);
    assertEquals(List.of(held(running)), store().load(dispatching.id()));
    assertEquals(List.of(held(failed)), store().load(answering.id()));
  }

  @Test
  void closingRemovesTheFinishedAndLeavesTheirMarks() {
    Request request = request("1", 0, waiting());
    store().close(insert(held(request), held(request("2", 0, waiting()))).id());
    Batch batch =
        update(
            null,
            request.in(
                request.state().answered(RequestStatus.SUCCESS, List.of(), null, true), LATER));
    assertTrue(find(request.key()).isEmpty());
    assertEquals(List.of(batch), store().openBatches());
    store().close(batch.id());
    store().close(batch.id());
    assertEquals(List.of(), store().openBatches());
    assertEquals(Map.of(), known("1"));
    assertEquals(1, known("2").size());
    assertTrue(isMarked(request));
    assertFalse(isMarked(request("2", 0, waiting())));
    assertEquals(0, store().dropMarks(Duration.ofHours(1)));
    assertEquals(1, store().dropMarks(Duration.ofHours(-1)));
    assertFalse(isMarked(request));
  }

  private boolean isMarked(Request request) {
    List<RequestKey> key = List.of(request.key());
    return store()
        .change(
            key,
            key,
            known ->
                new Decision.Made<>(
                    Changes.NONE, known.hasFinished(request.key(), request.fingerprint())));
  }

  @Test
  void claimsByPriorityAndThenArrivalAcrossPlaces() {
    Request step = request("step", 5, RequestState.NEW.waiting(Position.at(1), "worker", "r"));
    Batch batch =
        insert(
            held(request("z", 5, waiting())),
            held(request("low", 0, waiting())),
            held(step),
            held(request("a", 5, waiting())),
            held(request("urgent", 9, waiting())),
            held(request("sent", 9, waiting().dispatched(Position.START, "w", UUID.randomUUID()))));
    WaitingPlace atStep = new WaitingPlace("t", "type", 1);
    assertEquals(List.of(), claim(List.of(START, atStep), 10), "invisible while the batch is open");
    store().close(batch.id());
    assertEquals(List.of("urgent", "z", "step", "a", "low"), claim(List.of(START, atStep), 10));
    assertEquals(List.of("urgent", "z"), claim(List.of(START, atStep), 2));
    assertEquals(List.of("step"), claim(List.of(atStep), 10));
    assertEquals(List.of(), claim(List.of(), 10));
    assertEquals(List.of(), claim(List.of(new WaitingPlace("other", "type", -1)), 10));
  }

  @Test
  void concurrentClaimsNeverShareARequest() throws Exception {
    HeldRequest[] many =
        IntStream.range(0, 200)
            .mapToObj(i -> held(request("r" + i, 0, waiting())))
            .toArray(HeldRequest[]::new);
    store().close(insert(many).id());
    List<String> claimed = Collections.synchronizedList(new ArrayList<>());
    together(
        4,
        () -> {
          int misses = 0;
          while (misses < 20) {
            int got = dispatchSome(claimed);
            misses = got == 0 ? misses + 1 : 0;
          }
          return null;
        });
    assertEquals(200, claimed.size());
    assertEquals(200, new HashSet<>(claimed).size());
  }

  private int dispatchSome(List<String> claimed) {
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    List<String> ids =
        store()
            .claimWaiting(
                List.of(START),
                10,
                known -> {
                  List<Change> changes = new ArrayList<>();
                  List<String> mine = new ArrayList<>();
                  known
                      .held()
                      .forEach(
                          (key, request) -> {
                            mine.add(key.requestId());
                            RequestState sent =
                                request.state().dispatched(Position.START, "worker", batch.id());
                            changes.add(new Change(request.in(sent, LATER), null));
                          });
                  return new Decision.Made<>(Changes.updating(batch, changes), mine);
                });
    store().close(batch.id());
    claimed.addAll(ids);
    return ids.size();
  }

  @Test
  void theSameKeyInsertedAtTheSameMomentIsInsertedOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      String id = "r" + round;
      List<Boolean> inserted = together(4, () -> insertUnlessHeld(id));
      assertEquals(1, inserted.stream().filter(won -> won).count());
    }
  }

  private boolean insertUnlessHeld(String id) {
    HeldRequest held = held(request(id, 0, waiting()));
    return store()
        .change(
            List.of(held.request().key()),
            List.of(),
            known ->
                known.held().isEmpty()
                    ? new Decision.Made<>(
                        new Changes(
                            new Batch(UUID.randomUUID(), UUID.randomUUID()),
                            List.of(held),
                            List.of()),
                        true)
                    : new Decision.Made<>(Changes.NONE, false));
  }

  @Test
  void batchesInOppositeOrderDoNotDeadlock() throws Exception {
    List<RequestKey> keys = new ArrayList<>();
    HeldRequest[] many =
        IntStream.range(0, 50)
            .mapToObj(i -> held(request("r" + i, 0, waiting())))
            .toArray(HeldRequest[]::new);
    insert(many);
    List.of(many).forEach(held -> keys.add(held.request().key()));
    List<RequestKey> reversed = new ArrayList<>(keys);
    Collections.reverse(reversed);
    List<List<RequestKey>> orders =
        Collections.synchronizedList(new ArrayList<>(List.of(keys, reversed)));
    List<Integer> counts =
        together(
            2,
            () -> {
              List<RequestKey> order = orders.remove(0);
              int all = 0;
              for (int i = 0; i < 20; i++) {
                all +=
                    store()
                        .change(
                            order,
                            List.of(),
                            known ->
                                new Decision.Made<>(
                                    new Changes(
                                        null,
                                        List.of(),
                                        known.held().values().stream()
                                            .map(r -> new Change(r, null))
                                            .toList()),
                                    known.held().size()));
              }
              return all;
            });
    assertEquals(List.of(1000, 1000), counts);
  }

  @Test
  void returnsAllThatWasSentToWaiting() {
    Request sent =
        request("sent", 0, waiting().dispatched(Position.at(3), "worker", UUID.randomUUID()));
    Request running = request("run", 0, sent.state().running());
    Request failed =
        request("err", 0, sent.state().answered(RequestStatus.ERROR, List.of("e"), null, false));
    insert(held(sent), held(running), held(failed));
    assertEquals(2, store().returnAllToWaiting("lost", LATER));
    Request back = known("sent").get(sent.key());
    assertEquals(sent.in(sent.state().waiting(Position.at(3), "worker", "lost"), LATER), back);
    assertEquals(
        Map.of(RequestStatus.NO_WORKER_AVAILABLE, 2L, RequestStatus.ERROR, 1L),
        stores().search().count("t", RequestFilter.ALL).byStatus());
  }

  @Test
  void whatIsReturnedToWaitingSaysSoInItsHistory() {
    Request sent =
        request("1", 0, waiting().dispatched(Position.START, "worker", UUID.randomUUID()));
    for (int i = 0; i < Request.MAX_HISTORY; i++) {
      sent = sent.in(sent.state(), LATER.plusSeconds(i), "reason " + i + "\nand \\more");
    }
    Request atStep =
        request("2", 0, RequestState.NEW.dispatched(Position.at(7), "w", UUID.randomUUID()));
    insert(held(sent), held(atStep));
    assertEquals(sent, known("1").get(sent.key()));
    Instant now = LATER.plusSeconds(60);
    store().returnAllToWaiting("lost \\ and\nfound", now);
    assertEquals(returned(sent, now), known("1").get(sent.key()));
    assertEquals(returned(atStep, now), known("2").get(atStep.key()));
    assertEquals(now, known("1").get(sent.key()).since());
    assertEquals(
        List.of("1", "2"),
        stores().search().between("t", unchangedSince(now), 0, Long.MAX_VALUE, 10).stream()
            .map(found -> found.request().key().requestId())
            .toList());
    assertEquals(
        List.of(),
        stores().search().between("t", unchangedSince(now.minusNanos(1)), 0, Long.MAX_VALUE, 10));
  }

  private static RequestFilter unchangedSince(Instant moment) {
    return new RequestFilter(null, null, null, null, null, null, null, null, moment);
  }

  private static Request returned(Request request, Instant now) {
    RequestState state = request.state();
    return request.in(
        state.waiting(state.position(), state.workerType(), "lost \\ and\nfound"), now);
  }

  @Test
  void readsBackHistories() {
    RequestState nowhere = RequestState.NEW.waiting(Position.START, null, "none is configured");
    Request request = request("1", 0, nowhere).in(nowhere, LATER, "");
    Request later = request.in(nowhere.waiting(Position.at(0), "w", "r"), LATER.plusNanos(1_000));
    insert(held(request));
    assertEquals(request, known("1").get(request.key()));
    update(null, later);
    assertEquals(later, known("1").get(request.key()));
    assertEquals(List.of(later), List.copyOf(known("1").values()));
  }

  private List<String> changeFound(NumberedRequest... found) {
    return store()
        .changeFound(
            List.of(found),
            known ->
                new Decision.Made<>(
                    Changes.NONE,
                    known.held().keySet().stream().map(RequestKey::requestId).toList()));
  }

  private NumberedRequest found(String id) {
    return stores().search().find(new RequestKey("t", id)).orElseThrow().numbered();
  }

  @Test
  void whatWasFoundIsChangedUnlessItIsStillMoving() {
    store().close(insert(held(request("b", 0, waiting())), held(request("a", 0, waiting()))).id());
    NumberedRequest a = found("a");
    NumberedRequest b = found("b");
    assertEquals(List.of("a", "b"), changeFound(b, a));
    assertEquals(List.of("b"), changeFound(b));
    assertEquals(List.of(), changeFound());
    Request failed =
        a.request().in(waiting().answered(RequestStatus.ERROR, List.of("e"), null, false), LATER);
    Batch open = update(null, failed);
    assertEquals(List.of("b"), changeFound(b, a));
    store().close(open.id());
    assertEquals(List.of("a", "b"), changeFound(b, a));
    Map<RequestKey, Request> known =
        store().changeFound(List.of(a), seen -> new Decision.Made<>(Changes.NONE, seen.held()));
    assertEquals(Map.of(failed.key(), failed), known);
  }

  @Test
  void whatWasFoundIsNotChangedWhenItIsAnotherByNow() {
    store().close(insert(held(request("1", 0, waiting()))).id());
    NumberedRequest old = found("1");
    RequestState finished = waiting().answered(RequestStatus.SUCCESS, List.of(), null, true);
    Batch finishing = update(null, old.request().in(finished, LATER));
    assertEquals(List.of(), changeFound(old));
    store().close(finishing.id());
    assertEquals(List.of(), changeFound(old));
    store().close(insert(held(request("1", 0, waiting()))).id());
    assertEquals(List.of(), changeFound(old));
    assertEquals(List.of("1"), changeFound(found("1")));
  }

  @Test
  void whatWasFoundIsChangedAsDecided() {
    store().close(insert(held(request("1", 0, waiting()))).id());
    NumberedRequest found = found("1");
    Request failed =
        found
            .request()
            .in(
                waiting()
                    .answered(
                        RequestStatus.ERROR,
                        List.of("e"),
                        new Answer(fingerprint("reply"), false),
                        false),
                LATER);
    Batch batch = new Batch(UUID.randomUUID(), UUID.randomUUID());
    store()
        .changeFound(
            List.of(found),
            known -> made(Changes.updating(batch, List.of(new Change(failed, null)))));
    assertEquals(List.of(held(failed)), store().load(batch.id()));
  }

  @Test
  void keepsLargeAndEmptyContents() {
    byte[] large = new byte[20_000_000];
    large[19_999_999] = 7;
    HeldRequest first = new HeldRequest(request("large", 0, waiting()), Content.of(large));
    HeldRequest second = new HeldRequest(request("empty", 0, waiting()), Content.NONE);
    Batch batch = insert(first, second);
    assertEquals(List.of(first, second), store().load(batch.id()));
    store().close(batch.id());
    assertEquals("large", claim(List.of(START), 10).get(0));
  }

  static <T> List<T> together(int threads, Callable<T> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(Collections.nCopies(threads, task))) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }
}
