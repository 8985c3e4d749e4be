package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.operation.OperationProgress;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Routing;
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

/**
 * Does something to every held request that a filter finds, page by page. Each request is locked
 * and looked at again before that: what has gone on since it was found is left alone. Thread-safe.
 */
final class Operations {

  /** What is done to a request. */
  @FunctionalInterface
  interface Step {

    /** What becomes of it; empty if it is left alone, as if it had not been found. */
    Optional<Request> apply(LifeCycle lifeCycle, Request request);
  }

  /** What becomes of one page. */
  private record Outcome(
      Changes changes, long waiting, List<NumberedRequest> goneOn, List<NumberedRequest> moving) {}

  /** How often what is in an open batch is looked at again. */
  private static final int LOOKS = 50;

  private static final String GONE_ON = "It has gone on meanwhile.";

  private final int pageSize;
  private final Configurations configurations;
  private final Availability availability;
  private final OpenBatches batches;
  private final Draining draining;
  private final RequestStore store;
  private final RequestSearch search;
  private final Supplier<Instant> now;

  Operations(
      int pageSize,
      Configurations configurations,
      Availability availability,
      OpenBatches batches,
      Draining draining,
      Ports ports) {
    this.pageSize = pageSize;
    this.configurations = configurations;
    this.availability = availability;
    this.batches = batches;
    this.draining = draining;
    this.store = ports.stores().requests();
    this.search = ports.stores().search();
    this.now = ports::now;
  }

  /**
   * Returns when all is done or the listener ends it.
   *
   * @param filter naming no state in which the step cannot be done
   */
  OperationProgress run(
      Step step, String tenant, RequestFilter filter, OperationListener listener) {
    return new Run(step, tenant, filter, listener).toTheEnd();
  }

  /** One operation. For one thread. */
  private final class Run {

    private final Step step;
    private final String tenant;
    private final RequestFilter filter;
    private final OperationListener listener;
    private final Tally tally;

    Run(Step step, String tenant, RequestFilter filter, OperationListener listener) {
      this.step = step;
      this.tenant = tenant;
      this.filter = filter;
      this.listener = listener;
      tally = new Tally(search.search(tenant, filter, PageRequest.first(1)).totalElements());
    }

    OperationProgress toTheEnd() {
      long upTo = search.lastId();
      List<NumberedRequest> moving = new ArrayList<>();
      long after = 0;
      boolean last = false;
      boolean goesOn = true;
      while (!last && goesOn && listener.progressed(tally.progress())) {
        List<NumberedRequest> page = search.between(tenant, filter, after, upTo, pageSize);
        last = page.isEmpty();
        if (!last) {
          after = page.get(page.size() - 1).id();
          moving.addAll(apply(page));
        }
        if (last || moving.size() > pageSize) {
          goesOn = lookAgain(moving);
          moving.clear();
        }
      }
      return tally.progress();
    }

    /**
     * A batch is open for some milliseconds, unless the broker or the database is slow. Returns
     * whether the operation is to go on.
     */
    private boolean lookAgain(List<NumberedRequest> moving) {
      List<NumberedRequest> left = List.copyOf(moving);
      for (int look = 1; look <= LOOKS && !left.isEmpty(); look++) {
        if (!listener.progressed(tally.progress())) {
          return false;
        }
        left = applyAgain(left);
      }
      left.forEach(found -> tally.refuse(found, "What became of it last is still being told."));
      return true;
    }

    /** Returns those that are still moving. */
    private List<NumberedRequest> applyAgain(List<NumberedRequest> moving) {
      Map<Long, NumberedRequest> left = new LinkedHashMap<>();
      moving.forEach(found -> left.put(found.id(), found));
      RequestFilter among = filter.withIds(Selection.of(left.keySet()));
      List<NumberedRequest> stillMoving = new ArrayList<>();
      List<NumberedRequest> page = search.between(tenant, among, 0, Long.MAX_VALUE, pageSize);
      while (!page.isEmpty()) {
        page.forEach(found -> left.remove(found.id()));
        stillMoving.addAll(apply(page));
        long after = page.get(page.size() - 1).id();
        page = search.between(tenant, among, after, Long.MAX_VALUE, pageSize);
      }
      left.values().forEach(found -> tally.refuse(found, GONE_ON));
      return stillMoving;
    }

    /** Returns those that are still moving. */
    private List<NumberedRequest> apply(List<NumberedRequest> page) {
      batches.finishInterrupted();
      Batch batch = batches.newBatch();
      Outcome outcome =
          batches.store(
              batch,
              known -> decide(batch, page, known.held()),
              decision -> store.changeFound(page, decision));
      batches.complete(batch, outcome.changes(), List.of());
      List<Request> changed = outcome.changes().requests().toList();
      draining.recheck(changed);
      long nowWaiting = changed.stream().filter(Operations::isWaiting).count();
      tally.add(changed.size() - nowWaiting, nowWaiting + outcome.waiting());
      outcome.goneOn().forEach(found -> tally.refuse(found, GONE_ON));
      return outcome.moving();
    }

    private Decision.Made<Outcome> decide(
        Batch batch, List<NumberedRequest> page, Map<RequestKey, Request> held) {
      Routing routing = configurations.routing(tenant).orElse(Routing.NOTHING);
      LifeCycle lifeCycle = new LifeCycle(routing, availability, batch.id(), now.get());
      List<Change> changes = new ArrayList<>();
      List<NumberedRequest> goneOn = new ArrayList<>();
      List<NumberedRequest> moving = new ArrayList<>();
      long waiting = 0;
      for (NumberedRequest found : page) {
        Request request = held.get(found.request().key());
        if (request == null) {
          moving.add(found);
        } else if (!filter.matches(new NumberedRequest(found.id(), request))) {
          goneOn.add(found);
        } else {
          Request after = step.apply(lifeCycle, request).orElse(null);
          if (after != null && isWaiting(request) && isWaiting(after)) {
            // as before: its requester has been told
            waiting++;
          } else if (after != null) {
            changes.add(new Change(after, null));
          }
        }
      }
      Changes all = Changes.updating(batch, changes);
      return new Decision.Made<>(all, new Outcome(all, waiting, goneOn, moving));
    }
  }

  private static boolean isWaiting(Request request) {
    return request.status() == RequestStatus.NO_WORKER_AVAILABLE;
  }
}
