package org.workermanager.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreRefusedException;

/**
 * Brings batches from the transaction that stores them to the one that closes them, publishing what
 * follows from the stored states in between. One that is interrupted, by a broker or a store that
 * does not answer, is finished later, from where it stopped, with what the store still has of it: a
 * request that has moved on meanwhile is not published again. One that a dead process left open is
 * taken over.
 *
 * <p>Publishes only while the lease lasts under which the batch was opened. Why a lease, and not
 * only a record of who is at work: a process that is merely slow looks dead to others, and must not
 * go on with what they have taken over.
 *
 * <p>Thread-safe.
 */
final class OpenBatches {

  /**
   * How far the publishing of a batch is. Responses are confirmed before any dispatch (PROTOCOL
   * section 7).
   */
  private enum Stage {
    STORED,
    RESPONDED,
    DISPATCHED
  }

  /**
   * @param sinceNanos when it was interrupted first
   */
  private record Interruption(Stage reached, long sinceNanos) {}

  /**
   * How long this process alone tries to finish what was interrupted; and then, how long it leaves
   * that to others.
   */
  private static final Duration PATIENCE = Lease.LENGTH;

  private final Map<UUID, Stage> underWay = new ConcurrentHashMap<>();
  private final Map<Batch, Interruption> interrupted = new ConcurrentHashMap<>();
  private final Lease lease;
  private final RequestStore store;
  private final LeaseStore leases;
  private final Publication publication;
  private final Monitor monitor;
  private final RandomGenerator random;
  private final Supplier<Instant> now;
  private final LongSupplier nanoClock;

  /** When this process gave up last what it could not finish; null if it has taken that back. */
  private volatile Long gaveUpNanos;

  OpenBatches(Settings settings, Ports ports, Availability availability, Lease lease) {
    this.lease = lease;
    this.now = ports::now;
    this.nanoClock = ports.nanoClock();
    this.store = ports.stores().requests();
    this.leases = ports.stores().leases();
    this.publication = new Publication(settings, ports, availability, lease);
    this.monitor = ports.monitor();
    this.random = ports.random();
  }

  /** Under the present lease: without one nothing is changed that would have to be published. */
  Batch newBatch() {
    return new Batch(new UUID(random.nextLong(), random.nextLong()), lease.require());
  }

  /**
   * Runs the transaction that may open this batch; if its outcome is not known, the batch is looked
   * for later.
   *
   * @param decision made only while the lease lasts: one that is made later may be about messages
   *     that others have handled since, whom the broker gave them when it took this process for
   *     dead
   */
  <R> R store(Batch batch, Decision<R> decision, Function<Decision<R>, R> transaction) {
    return store(batch, () -> true, decision, transaction);
  }

  /**
   * The same for a decision about messages. What is left: a connection that the broker has given up
   * may still look open here, and it may be lost between the decision and its commit. Whoever the
   * database holds up there until another one has finished a request takes it once more.
   *
   * @param inHand whether nobody else can have been given them. The decision is made only while
   *     this is so: the other one may have finished their requests, and these copies do not say
   *     that they were delivered before
   */
  <R> R store(
      Batch batch,
      BooleanSupplier inHand,
      Decision<R> decision,
      Function<Decision<R>, R> transaction) {
    return store(
        batch,
        () ->
            transaction.apply(
                known -> {
                  lease.require(batch.lease());
                  requireInHand(inHand);
                  return decision.decide(known);
                }));
  }

  /** Fails if the messages that are to be decided about have gone back to the broker. */
  static void requireInHand(BooleanSupplier inHand) {
    if (!inHand.getAsBoolean()) {
      throw new BrokerUnavailableException(
          "The messages went back to the broker before they were stored: it delivers them again",
          null);
    }
  }

  private <R> R store(Batch batch, Supplier<R> transaction) {
    underWay.put(batch.id(), Stage.STORED);
    try {
      return transaction.get();
    } catch (StoreRefusedException e) {
      underWay.remove(batch.id());
      throw e;
    } catch (RuntimeException | Error e) {
      interrupt(batch, Stage.STORED);
      throw e;
    }
  }

  /**
   * Publishes what follows from what a batch stored, and closes it.
   *
   * @param alsoSay responses to what was not stored
   */
  void complete(Batch batch, Changes stored, List<Response> alsoSay) {
    stored.requests().forEach(monitor::moved);
    if (stored.batch() == null) {
      underWay.remove(batch.id());
      publication.respond(batch, List.of(), alsoSay);
    } else {
      carryOn(
          batch,
          Stage.STORED,
          alsoSay,
          () -> stored.lacksContents() ? load(batch.id()) : stored.heldRequests());
    }
  }

  /**
   * Whether a response may still have to be published about what a request has come to, so that
   * nothing may be said yet about what it comes to next.
   */
  boolean oweResponse(Known known, Request request) {
    return known.isInOpenBatch(request.key())
        && underWay.getOrDefault(known.batch(request.key()), Stage.STORED) == Stage.STORED;
  }

  /**
   * Finishes what was interrupted; throws as before if it still cannot. Called before anything new
   * is begun.
   */
  void finishInterrupted() {
    if (interrupted.isEmpty()) {
      return;
    }
    synchronized (this) {
      for (Map.Entry<Batch, Interruption> entry : interrupted.entrySet()) {
        Batch batch = entry.getKey();
        if (lease.require().equals(batch.lease())) {
          finish(batch, entry.getValue().reached());
        } else {
          // whoever takes it over finishes it
          interrupted.remove(batch);
        }
      }
    }
  }

  private void finish(Batch batch, Stage reached) {
    List<HeldRequest> requests = load(batch.id());
    if (reached == Stage.STORED && requests.isEmpty()) {
      // perhaps it is only not there yet, and would be closed with nothing said: if it turns out to
      // be open, it is looked for
      interrupted.remove(batch);
    } else {
      carryOn(batch, reached, List.of(), () -> requests);
    }
  }

  /**
   * Has others finish what has been interrupted for long. A process that is cut off from the broker
   * alone would keep its lease, and with it what it cannot finish, for ever.
   */
  void giveUpStuck() {
    long at = nanoClock.getAsLong();
    boolean isStuck =
        interrupted.entrySet().stream()
            .filter(entry -> lease.isHeld(entry.getKey().lease()))
            .anyMatch(entry -> at - entry.getValue().sinceNanos() >= PATIENCE.toNanos());
    // if it has just come back it may do better now
    if (isStuck && lease.isSettled()) {
      lease.replace();
      gaveUpNanos = at;
    }
  }

  /**
   * Finishes what was given up, unless others have; also asks the store for it if nothing was.
   * Called when it is likely to succeed.
   */
  void takeBack() {
    List<UUID> abandoned = store.abandonedBatches();
    if (gaveUpNanos != null) {
      abandoned.forEach(this::takeOver);
      gaveUpNanos = null;
    }
  }

  /**
   * Looks in the store for open batches that nobody works on, and finishes them: those of this
   * process whose transaction was committed though that was not known, and those of processes that
   * have ended.
   */
  void takeOverAbandoned() {
    // a batch that is begun and ended while the store is asked is not open any more when it is
    // taken over
    Set<UUID> known = Set.copyOf(underWay.keySet());
    for (Batch batch : store.openBatches()) {
      if (lease.isHeld(batch.lease())
          && !known.contains(batch.id())
          && !underWay.containsKey(batch.id())
          && !interrupted.containsKey(batch)) {
        takeOver(batch.id());
      }
    }
    if (lease.isSettled()) {
      leases.endExpired().forEach(monitor::instanceSilent);
    }
    if (!othersGoFirst()) {
      store.abandonedBatches().forEach(this::takeOver);
    }
  }

  private boolean othersGoFirst() {
    Long gaveUp = gaveUpNanos;
    return gaveUp != null && nanoClock.getAsLong() - gaveUp < PATIENCE.toNanos();
  }

  /**
   * How far its publishing had come is not known. Its requests leave the batch, so that answers to
   * what it may have dispatched wait until all is said that comes before them.
   */
  private void takeOver(UUID abandoned) {
    Batch batch = newBatch();
    List<HeldRequest> requests = store(batch, () -> store.takeOver(abandoned, batch));
    carryOn(batch, Stage.STORED, List.of(), () -> Publication.owed(requests));
  }

  private void carryOn(
      Batch batch, Stage from, List<Response> alsoSay, Supplier<List<HeldRequest>> changed) {
    Stage reached = from;
    try {
      List<HeldRequest> requests = changed.get();
      if (reached == Stage.STORED) {
        publication.respond(batch, requests, alsoSay);
        reached = Stage.RESPONDED;
        underWay.put(batch.id(), reached);
      }
      if (reached == Stage.RESPONDED) {
        List<Refused<HeldRequest>> refused = publication.dispatch(batch, requests);
        if (!refused.isEmpty()) {
          returnToWaiting(refused);
        }
        reached = Stage.DISPATCHED;
      }
      store.close(batch.id());
    } catch (RuntimeException | Error e) {
      interrupt(batch, reached);
      throw e;
    }
    interrupted.remove(batch);
    underWay.remove(batch.id());
  }

  private List<HeldRequest> load(UUID batch) {
    return Publication.owed(store.load(batch));
  }

  /**
   * In a batch of their own, before the one that dispatched them is closed: so none is ever in
   * neither.
   */
  private void returnToWaiting(List<Refused<HeldRequest>> refused) {
    Map<RequestKey, Refused<HeldRequest>> byKey = new TreeMap<>();
    for (Refused<HeldRequest> refusal : refused) {
      byKey.put(refusal.message().request().key(), refusal);
    }
    Batch batch = newBatch();
    Instant at = now.get();
    Changes stored =
        store(
            batch,
            known -> returnToWaiting(batch, byKey, at, known),
            decision -> store.change(byKey.keySet(), List.of(), decision));
    complete(batch, stored, List.of());
  }

  private static Decision.Made<Changes> returnToWaiting(
      Batch batch, Map<RequestKey, Refused<HeldRequest>> refused, Instant at, Known known) {
    List<Change> changes = new ArrayList<>();
    for (Request request : known.held().values()) {
      Refused<HeldRequest> refusal = refused.get(request.key());
      UUID dispatch = refusal.message().request().state().dispatch();
      if (LifeCycle.refused(request, dispatch, refusal.reason(), at)
          instanceof Transition.Moved moved) {
        changes.add(new Change(moved.request(), moved.content()));
      }
    }
    Changes all = Changes.updating(batch, changes);
    return new Decision.Made<>(all, all);
  }

  private void interrupt(Batch batch, Stage reached) {
    long at = nanoClock.getAsLong();
    interrupted.compute(
        batch,
        (same, before) -> new Interruption(reached, before == null ? at : before.sinceNanos()));
    underWay.remove(batch.id());
  }
}
