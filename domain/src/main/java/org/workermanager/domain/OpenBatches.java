package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreRefusedException;

/**
 * Brings batches from the transaction that stores them to the one that closes them, publishing what
 * follows from the stored states in between. One that is interrupted, by a broker or a store that
 * does not answer, is finished later, from where it stopped, with what the store still has of it: a
 * request that has moved on meanwhile is not published again.
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

  private static final Comparator<HeldRequest> URGENT_FIRST =
      Comparator.comparingInt((HeldRequest held) -> held.request().priority()).reversed();

  private final Object order = new Object();
  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();
  private final Map<UUID, Stage> interrupted = new ConcurrentHashMap<>();
  private final String instance;
  private final RequestStore store;
  private final Publisher publisher;
  private final Monitor monitor;
  private final RandomGenerator random;
  private final Availability availability;
  private final boolean deadLetterResponses;
  private final Supplier<Instant> now;

  OpenBatches(Settings settings, Ports ports, Availability availability) {
    this.instance = settings.instance();
    this.deadLetterResponses = settings.deadLetterResponses();
    this.availability = availability;
    this.now = ports::now;
    this.store = ports.stores().requests();
    this.publisher = ports.publisher();
    this.monitor = ports.monitor();
    this.random = ports.random();
  }

  /**
   * Runs, one at a time, what moves requests that were sent before and may be answered at any
   * moment: so what their requesters hear stays in order.
   */
  <R> R inOrder(Supplier<R> work) {
    synchronized (order) {
      // in here: what was interrupted while this thread waited comes first
      finishInterrupted();
      return work.get();
    }
  }

  Batch newBatch() {
    return new Batch(new UUID(random.nextLong(), random.nextLong()), instance);
  }

  /**
   * Runs the transaction that may open this batch; if its outcome is not known, the batch is looked
   * for later.
   */
  <R> R store(Batch batch, Supplier<R> transaction) {
    underWay.add(batch.id());
    try {
      return transaction.get();
    } catch (StoreRefusedException e) {
      underWay.remove(batch.id());
      throw e;
    } catch (RuntimeException | Error e) {
      interrupt(batch.id(), Stage.STORED);
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
      respond(alsoSay);
    } else {
      carryOn(
          batch.id(),
          Stage.STORED,
          alsoSay,
          () -> stored.lacksContents() ? load(batch.id()) : stored.heldRequests());
    }
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
      for (Map.Entry<UUID, Stage> entry : interrupted.entrySet()) {
        carryOn(entry.getKey(), entry.getValue(), List.of(), () -> load(entry.getKey()));
      }
    }
  }

  /**
   * Looks in the store for open batches that nobody works on: those of this instance whose
   * transaction was committed though that was not known, or that an earlier process of the same
   * name left.
   */
  void findForgotten() {
    findForgotten(Set.of(instance));
  }

  /** The same for the batches of every instance; only to be called while no other one runs. */
  void findForgottenOfAll() {
    findForgotten(store.openBatches().stream().map(Batch::instance).collect(Collectors.toSet()));
  }

  private void findForgotten(Set<String> instances) {
    // a batch that is begun and ended while the store is asked is not open any more when it is
    // loaded
    Set<UUID> known = Set.copyOf(underWay);
    for (Batch batch : store.openBatches()) {
      UUID id = batch.id();
      if (instances.contains(batch.instance()) && !known.contains(id) && !underWay.contains(id)) {
        interrupted.putIfAbsent(id, Stage.STORED);
      }
    }
  }

  private void carryOn(
      UUID batch, Stage from, List<Response> alsoSay, Supplier<List<HeldRequest>> changed) {
    Stage reached = from;
    try {
      List<HeldRequest> requests = changed.get();
      if (reached == Stage.STORED) {
        List<Response> responses = new ArrayList<>();
        requests.stream()
            .filter(this::isToBeTold)
            .map(Response::about)
            .filter(Objects::nonNull)
            .forEach(responses::add);
        // afterwards: of two requests with one id, the first is granted before the second is
        // skipped
        responses.addAll(alsoSay);
        respond(responses);
        reached = Stage.RESPONDED;
      }
      if (reached == Stage.RESPONDED) {
        dispatch(requests);
        reached = Stage.DISPATCHED;
      }
      store.close(batch);
    } catch (RuntimeException | Error e) {
      interrupt(batch, reached);
      throw e;
    }
    interrupted.remove(batch);
    underWay.remove(batch);
  }

  /**
   * What the batch changed, as it left it, the urgent ones first: that a worker has begun, or is
   * said to have, changes nothing about what is owed.
   */
  private List<HeldRequest> load(UUID batch) {
    return store.load(batch).stream()
        .map(held -> new HeldRequest(asDispatchedBy(batch, held.request()), held.content()))
        .sorted(URGENT_FIRST)
        .toList();
  }

  private static Request asDispatchedBy(UUID batch, Request request) {
    RequestState state = request.state();
    return state.status() == RequestStatus.RUNNING && batch.equals(state.dispatch())
        ? request.as(state.dispatched(state.position(), state.workerType(), batch))
        : request;
  }

  private boolean isToBeTold(HeldRequest held) {
    RequestState state = held.request().state();
    boolean deadLetter = state.status() == RequestStatus.ERROR && state.answeredBy().isDeadLetter();
    return deadLetterResponses || !deadLetter;
  }

  private void respond(List<Response> responses) {
    if (!responses.isEmpty()) {
      publisher
          .respond(responses)
          .forEach(no -> monitor.responseRefused(no.message(), no.reason()));
    }
  }

  private void dispatch(List<HeldRequest> requests) {
    List<HeldRequest> dispatches =
        requests.stream()
            .filter(held -> held.request().status() == RequestStatus.DISPATCHED)
            .toList();
    if (dispatches.isEmpty()) {
      return;
    }
    List<Refused<HeldRequest>> refused = publisher.dispatch(dispatches);
    Set<String> taken =
        dispatches.stream().map(OpenBatches::workerType).collect(Collectors.toSet());
    refused.forEach(refusal -> taken.remove(workerType(refusal.message())));
    taken.forEach(availability::taken);
    if (!refused.isEmpty()) {
      returnToWaiting(refused);
    }
  }

  /**
   * In a batch of their own, before the one that dispatched them is closed: so none is ever in
   * neither.
   */
  private void returnToWaiting(List<Refused<HeldRequest>> refused) {
    Map<RequestKey, Refused<HeldRequest>> byKey = new TreeMap<>();
    for (Refused<HeldRequest> refusal : refused) {
      byKey.put(refusal.message().request().key(), refusal);
      availability.refused(workerType(refusal.message()), refusal.reason());
      monitor.dispatchRefused(refusal.message().request(), refusal.reason());
    }
    Batch batch = newBatch();
    Instant at = now.get();
    Changes stored =
        store(
            batch,
            () ->
                store.change(
                    byKey.keySet(),
                    List.of(),
                    known -> {
                      List<Change> changes = new ArrayList<>();
                      for (Request request : known.held().values()) {
                        Refused<HeldRequest> refusal = byKey.get(request.key());
                        UUID dispatch = refusal.message().request().state().dispatch();
                        if (LifeCycle.refused(request, dispatch, refusal.reason(), at)
                            instanceof Transition.Moved moved) {
                          changes.add(new Change(moved.request(), moved.content()));
                        }
                      }
                      Changes all = Changes.updating(batch, changes);
                      return new Decision.Made<>(all, all);
                    }));
    complete(batch, stored, List.of());
  }

  private static String workerType(HeldRequest dispatched) {
    return dispatched.request().state().workerType();
  }

  private void interrupt(UUID batch, Stage reached) {
    interrupted.put(batch, reached);
    underWay.remove(batch);
  }
}
