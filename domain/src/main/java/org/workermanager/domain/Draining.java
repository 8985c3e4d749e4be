package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestStore;

/**
 * Dispatches waiting requests, page by page, once something they may have waited for has happened.
 * Thread-safe.
 */
final class Draining {

  /** Worker types that waiting requests may now go to. */
  private final Set<String> toDrain = ConcurrentHashMap.newKeySet();

  /**
   * Whether requests whose workflow was gone when a step was done may now find out what comes next.
   * That may be nothing: no worker type leads to them.
   */
  private final AtomicBoolean betweenSteps = new AtomicBoolean();

  private final int pageSize;
  private final Configurations configurations;
  private final Availability availability;
  private final OpenBatches batches;
  private final RequestStore store;
  private final Supplier<Instant> now;
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
    this.store = ports.stores().requests();
    this.now = ports::now;
    this.signal = ports.waitingSignal();
  }

  /** Requests may be waiting for these worker types. */
  void request(Collection<String> workerTypes) {
    if (toDrain.addAll(workerTypes)) {
      signal.run();
    }
  }

  /** Requests may be waiting between two steps of a workflow that is configured. */
  void requestBetweenSteps() {
    if (!betweenSteps.getAndSet(true)) {
      signal.run();
    }
  }

  /** Signals again, if there is anything left: an earlier signal may have led to nothing. */
  void remind() {
    if (mayDrain()) {
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
      if (request.status() != RequestStatus.NO_WORKER_AVAILABLE) {
        continue;
      }
      Route route = route(request);
      if (request.state().position().kind() == Position.Kind.AFTER_STEP) {
        if (!(route instanceof Route.Unroutable)) {
          requestBetweenSteps();
        }
      } else if (route instanceof Route.ToWorker to
          && availability.whyNot(to.workerType()).isEmpty()) {
        request(Set.of(to.workerType()));
      }
    }
  }

  /**
   * Dispatches one page for each worker type there is something to do for, and one of those between
   * two steps.
   *
   * @return whether more may wait
   */
  boolean drainPage() {
    // taken out before looking, so that what is requested meanwhile is not lost
    if (betweenSteps.getAndSet(false)) {
      drain(() -> drainPage(configurations.placesBetweenSteps()), () -> betweenSteps.set(true));
    }
    // in an order that is the same in every run
    for (String workerType : new TreeSet<>(toDrain)) {
      toDrain.remove(workerType);
      drain(() -> drainPage(workerType), () -> toDrain.add(workerType));
    }
    return mayDrain();
  }

  /**
   * @param again called when more may wait, and when this page came to nothing
   */
  private static void drain(BooleanSupplier page, Runnable again) {
    boolean more = true;
    try {
      more = page.getAsBoolean();
    } finally {
      if (more) {
        again.run();
      }
    }
  }

  private boolean mayDrain() {
    return !toDrain.isEmpty() || betweenSteps.get();
  }

  private boolean drainPage(String workerType) {
    return availability.whyNot(workerType).isEmpty()
        && drainPage(configurations.placesBefore(workerType));
  }

  private boolean drainPage(List<WaitingPlace> places) {
    if (places.isEmpty()) {
      return false;
    }
    Changes page = dispatch(places);
    recheck(page.requests().toList());
    // a page may be short though more wait, when its contents are large; an empty one is the end
    return !page.isEmpty();
  }

  private Changes dispatch(List<WaitingPlace> places) {
    Batch batch = batches.newBatch();
    Changes page =
        batches.store(
            batch,
            known -> decide(batch, known),
            decision -> store.claimWaiting(places, pageSize, decision));
    batches.complete(batch, page, List.of());
    return page;
  }

  private Decision.Made<Changes> decide(Batch batch, Known known) {
    Instant at = now.get();
    List<Change> changes = new ArrayList<>();
    for (Request request : known.held().values()) {
      configurations
          .routing(request.key().tenant())
          .map(routing -> new LifeCycle(routing, availability, batch.id(), at).resumed(request))
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
