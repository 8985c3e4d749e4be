package org.workermanager.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.Route;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestStore;

/**
 * Dispatches waiting requests, page by page, once something they may have waited for has happened.
 * Thread-safe.
 */
final class Draining {

  /** Worker types that waiting requests may now go to. */
  private final Set<String> toDrain = ConcurrentHashMap.newKeySet();

  private final int pageSize;
  private final Configurations configurations;
  private final Availability availability;
  private final OpenBatches batches;
  private final RequestStore store;
  private final Runnable signal;

  Draining(
      int pageSize,
      Configurations configurations,
      Availability availability,
      OpenBatches batches,
      Ports ports) {
    this.pageSize = pageSize;
    this.configurations = configurations;
    this.availability = availability;
    this.batches = batches;
    this.store = ports.requests();
    this.signal = ports.waitingSignal();
  }

  /** Requests may be waiting for these worker types. */
  void request(Collection<String> workerTypes) {
    if (toDrain.addAll(workerTypes)) {
      signal.run();
    }
  }

  /** Signals again, if there is anything left: an earlier signal may have led to nothing. */
  void remind() {
    if (!toDrain.isEmpty()) {
      signal.run();
    }
  }

  /**
   * Requests have just been stored. Those that wait may already have what they wait for: a worker
   * came alive, or a configuration in force, after it was decided that they wait and before they
   * could be found waiting.
   */
  void recheck(List<Request> stored) {
    for (Request request : stored) {
      if (request.status() == RequestStatus.NO_WORKER_AVAILABLE
          && route(request) instanceof Route.ToWorker to
          && availability.whyNot(to.workerType()).isEmpty()) {
        request(Set.of(to.workerType()));
      }
    }
  }

  /**
   * Dispatches one page for each worker type there is something to do for.
   *
   * @return whether more may wait
   */
  boolean drainPage() {
    // in an order that is the same in every run
    for (String workerType : new TreeSet<>(toDrain)) {
      // before looking, so that what is requested meanwhile is not lost
      toDrain.remove(workerType);
      boolean more;
      try {
        more = drainPage(workerType);
      } catch (RuntimeException e) {
        toDrain.add(workerType);
        throw e;
      }
      if (more) {
        toDrain.add(workerType);
      }
    }
    return !toDrain.isEmpty();
  }

  private boolean drainPage(String workerType) {
    List<WaitingPlace> places = configurations.placesBefore(workerType);
    if (places.isEmpty() || availability.whyNot(workerType).isPresent()) {
      return false;
    }
    Batch batch = batches.newBatch();
    Changes page =
        batches.store(
            batch,
            () ->
                store.claimWaiting(
                    places, pageSize, known -> decide(batch, known.held().values())));
    batches.complete(batch, page, List.of());
    recheck(page.requests().toList());
    // a page may be short though more wait, when its contents are large; an empty one is the end
    return !page.isEmpty();
  }

  private Decision.Made<Changes> decide(Batch batch, Collection<Request> waiting) {
    List<Change> changes = new ArrayList<>();
    for (Request request : waiting) {
      configurations
          .routing(request.key().tenant())
          .map(routing -> new LifeCycle(routing, availability, batch.id()).resumed(request))
          .filter(resumed -> hasMoved(request, resumed))
          .ifPresent(resumed -> changes.add(new Change(resumed, null)));
    }
    Changes all = Changes.updating(batch, changes);
    return new Decision.Made<>(all, all);
  }

  private static boolean hasMoved(Request before, Request after) {
    return after.status() != RequestStatus.NO_WORKER_AVAILABLE
        || !after.state().position().equals(before.state().position());
  }

  private Route route(Request request) {
    Position position = request.state().position();
    return configurations
        .routing(request.key().tenant())
        .map(routing -> routing.from(request.contentType(), position))
        .orElse(new Route.Complete());
  }
}
