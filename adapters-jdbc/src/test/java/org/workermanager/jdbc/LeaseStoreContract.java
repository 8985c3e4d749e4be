package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestStore;

/** What every store promises about leases, and about the batches that are opened under them. */
abstract class LeaseStoreContract extends StoreContract {

  private static final Duration LONG = Duration.ofHours(1);

  /** It is over at once, whatever the store rounds. */
  private static final Duration OVER = Duration.ofSeconds(-1);

  LeaseStoreContract(Kept kept) {
    super(kept);
  }

  private LeaseStore leases() {
    return stores().leases();
  }

  private RequestStore requests() {
    return stores().requests();
  }

  private UUID begin(String instance, Duration length) {
    UUID lease = UUID.randomUUID();
    leases().begin(lease, instance, length);
    return lease;
  }

  @Test
  void onlyWhatHasRunOutIsEndedForThat() {
    UUID lasting = begin("lasting", LONG);
    UUID late = begin("late", OVER);
    UUID renewed = begin("renewed", OVER);
    assertTrue(leases().renew(renewed, LONG));
    assertEquals(List.of("late"), leases().endExpired());
    assertEquals(List.of(), leases().endExpired());
    assertFalse(leases().renew(late, LONG));
    assertTrue(leases().renew(lasting, LONG));
    assertTrue(leases().renew(renewed, LONG));
  }

  @Test
  void leasesAreEndedByIdByInstanceAndAllTogether() {
    UUID first = begin("a", LONG);
    UUID second = begin("a", LONG);
    UUID other = begin("b", LONG);
    UUID third = begin("c", LONG);
    leases().end(third);
    leases().end(third);
    assertFalse(leases().renew(third, LONG));
    leases().endOf("a");
    assertFalse(leases().renew(first, LONG));
    assertFalse(leases().renew(second, LONG));
    UUID last = begin("d", LONG);
    leases().endOthers(last);
    assertFalse(leases().renew(other, LONG));
    assertTrue(leases().renew(last, LONG));
  }

  private Batch open(UUID lease, Request... changed) {
    Batch batch = new Batch(UUID.randomUUID(), lease);
    List<HeldRequest> held = new ArrayList<>();
    for (Request request : changed) {
      held.add(RequestStoreContract.held(request));
    }
    requests()
        .change(
            held.stream().map(each -> each.request().key()).toList(),
            List.of(),
            known -> RequestStoreContract.made(new Changes(batch, held, List.of())));
    return batch;
  }

  @Test
  void aBatchIsAbandonedOnceItsLeaseHasEnded() {
    UUID lease = begin("a", LONG);
    Batch batch = open(lease, RequestStoreContract.request("1", 0, RequestStoreContract.waiting()));
    Batch other =
        open(
            begin("b", LONG), RequestStoreContract.request("2", 0, RequestStoreContract.waiting()));
    assertEquals(List.of(), requests().abandonedBatches());
    leases().end(lease);
    assertEquals(List.of(batch.id()), requests().abandonedBatches());
    requests().close(batch.id());
    assertEquals(List.of(), requests().abandonedBatches());
    assertEquals(List.of(other), requests().openBatches());
  }

  @Test
  void whatIsTakenOverIsInTheOtherBatchAlone() {
    Request request =
        RequestStoreContract.request(
            "1",
            0,
            RequestStoreContract.waiting().dispatched(Position.START, "w", UUID.randomUUID()));
    Batch abandoned = open(begin("a", LONG), request);
    Batch by = new Batch(UUID.randomUUID(), begin("b", LONG));
    List<HeldRequest> held = List.of(RequestStoreContract.held(request));
    assertEquals(held, requests().takeOver(abandoned.id(), by));
    assertEquals(List.of(), requests().load(abandoned.id()));
    requests().close(abandoned.id());
    assertEquals(List.of(by), requests().openBatches());
    assertEquals(held, requests().load(by.id()));
    Batch late = new Batch(UUID.randomUUID(), by.lease());
    assertEquals(List.of(), requests().takeOver(abandoned.id(), late));
    assertEquals(List.of(by), requests().openBatches());
    requests().close(by.id());
    assertEquals(List.of(), requests().openBatches());
  }

  @Test
  void aDecisionLearnsInWhichBatchARequestIsAndWhetherThatIsOpen() {
    Request closed = RequestStoreContract.request("1", 0, RequestStoreContract.waiting());
    Request open = RequestStoreContract.request("2", 0, RequestStoreContract.waiting());
    Batch first = open(begin("a", LONG), closed);
    requests().close(first.id());
    Batch second = open(first.lease(), open);
    RequestKey unknown = new RequestKey("t", "3");
    requests()
        .change(
            List.of(closed.key(), open.key(), unknown),
            List.of(),
            known -> {
              assertEquals(first.id(), known.batch(closed.key()));
              assertEquals(second.id(), known.batch(open.key()));
              assertFalse(known.isInOpenBatch(closed.key()));
              assertTrue(known.isInOpenBatch(open.key()));
              assertFalse(known.isInOpenBatch(unknown));
              return RequestStoreContract.made(Changes.NONE);
            });
  }

  @Test
  void whatIsWaitingAndStillBeingToldIsNotClaimed() {
    Request waiting = RequestStoreContract.request("1", 0, RequestStoreContract.waiting());
    Batch batch = open(begin("a", LONG), waiting);
    WaitingPlace place = new WaitingPlace("t", waiting.contentType(), Position.START.code());
    assertEquals(0, claim(place));
    Batch by = new Batch(UUID.randomUUID(), batch.lease());
    requests().takeOver(batch.id(), by);
    assertEquals(0, claim(place));
    requests().close(by.id());
    assertEquals(1, claim(place));
  }

  private int claim(WaitingPlace place) {
    return requests()
        .claimWaiting(
            List.of(place), 10, known -> new Decision.Made<>(Changes.NONE, known.held().size()));
  }

  @Test
  void whatHasMovedOnIsNotTakenOver() {
    Request request = RequestStoreContract.request("1", 0, RequestStoreContract.waiting());
    Batch abandoned = open(begin("a", LONG), request);
    Batch next = new Batch(UUID.randomUUID(), abandoned.lease());
    requests()
        .change(
            List.of(request.key()),
            List.of(),
            (Known known) ->
                RequestStoreContract.made(
                    Changes.updating(next, List.of(new Change(request, null)))));
    Batch by = new Batch(UUID.randomUUID(), abandoned.lease());
    assertEquals(List.of(), requests().takeOver(abandoned.id(), by));
    assertEquals(1, requests().load(next.id()).size());
  }
}
