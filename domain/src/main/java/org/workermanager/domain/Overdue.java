package org.workermanager.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.registry.WorkerRegistry;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.SearchTooLongException;

/**
 * Looks for requests that were sent to a worker type longer ago than its dispatch time-out. They
 * wait again once nobody can be working on them: no worker of the type is alive, and its queue is
 * empty and has no consumer, so that the message is not there to be worked on later either. Others
 * are reported and left alone: a worker that is busy, or comes back, will answer them.
 *
 * <p>For one thread, but for the counts.
 */
final class Overdue {

  /** A worker type as configured for a tenant. */
  private record Place(String tenant, String workerType) {}

  private record Report(long requests, String reason) {}

  private static final Selection<RequestStatus> SENT =
      Selection.of(Set.of(RequestStatus.DISPATCHED, RequestStatus.RUNNING));

  /** What part of its time-out it may take until an overdue request is noticed. */
  private static final int PRECISION = 10;

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Settings settings;
  private final Configurations configurations;
  private final WorkerRegistry registry;
  private final Operations operations;
  private final RequestSearch search;
  private final Publisher publisher;
  private final Monitor monitor;
  private final Supplier<Instant> now;
  private final LongSupplier nanoClock;
  private final Map<Place, Long> lastLooks = new HashMap<>();
  private volatile long listeningSinceNanos;
  private final Map<Place, Report> reports = new ConcurrentHashMap<>();

  Overdue(
      Settings settings,
      Configurations configurations,
      WorkerRegistry registry,
      Operations operations,
      Ports ports) {
    this.settings = settings;
    this.configurations = configurations;
    this.registry = registry;
    this.operations = operations;
    this.search = ports.stores().search();
    this.publisher = ports.publisher();
    this.monitor = ports.monitor();
    this.now = ports::now;
    this.nanoClock = ports.nanoClock();
  }

  /** Heartbeats may have been missed until now. */
  void listening() {
    listeningSinceNanos = nanoClock.getAsLong();
  }

  /** How many requests of any tenant are overdue at each worker type, as last looked. */
  Map<String, Long> byWorkerType() {
    Map<String, Long> counts = new TreeMap<>();
    reports.forEach(
        (place, report) -> counts.merge(place.workerType(), report.requests(), Long::sum));
    return counts;
  }

  /** Looks at each worker type whose turn it is. */
  void look() {
    Map<Place, WorkerConfiguration> timed = new HashMap<>();
    for (String tenant : configurations.tenants()) {
      for (WorkerConfiguration worker : configurations.workers(tenant)) {
        if (worker.dispatchTimeout() != null) {
          timed.put(new Place(tenant, worker.workerType()), worker);
        }
      }
    }
    reports.keySet().retainAll(timed.keySet());
    lastLooks.keySet().retainAll(timed.keySet());
    SearchTooLongException tooLong = null;
    for (Map.Entry<Place, WorkerConfiguration> each : timed.entrySet()) {
      Place place = each.getKey();
      try {
        if (isDue(place, each.getValue().dispatchTimeout())) {
          report(place, look(place.tenant(), each.getValue()));
        }
      } catch (SearchTooLongException e) {
        // no reason not to look at the others, which may be of tenants that hold less
        tooLong = e;
      }
    }
    if (tooLong != null) {
      throw tooLong;
    }
  }

  /** Looking may mean to look through all that is held: the longer the time-out, the seldomer. */
  private boolean isDue(Place place, Duration timeout) {
    long nanos = nanoClock.getAsLong();
    Long last = lastLooks.get(place);
    Duration pause = timeout.dividedBy(PRECISION);
    long pauseNanos = (pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause).toNanos();
    if (last != null && nanos - last < pauseNanos) {
      return false;
    }
    lastLooks.put(place, nanos);
    return true;
  }

  private void report(Place place, Report report) {
    Report before = report == null ? reports.remove(place) : reports.put(place, report);
    if (report != null && (before == null || !before.reason().equals(report.reason()))) {
      monitor.overdue(place.tenant(), place.workerType(), report.requests(), report.reason());
    }
  }

  /** Returns what is left alone; null if nothing is. */
  private Report look(String tenant, WorkerConfiguration worker) {
    String type = worker.workerType();
    RequestFilter filter =
        new RequestFilter(
            null,
            null,
            type,
            null,
            SENT,
            null,
            null,
            null,
            now.get().minus(worker.dispatchTimeout()));
    // the filter finds types that contain this one as well
    long overdue =
        search.count(tenant, filter).byWorkerType().getOrDefault(type, Map.of()).values().stream()
            .mapToLong(Long::longValue)
            .sum();
    if (overdue == 0) {
      return null;
    }
    Optional<String> whyNot = whyNot(type);
    if (whyNot.isPresent()) {
      return new Report(overdue, whyNot.get());
    }
    haveWait(tenant, worker, filter);
    return null;
  }

  private void haveWait(String tenant, WorkerConfiguration worker, RequestFilter filter) {
    String type = worker.workerType();
    String reason =
        "No worker '%s' is alive, and none has answered within %s: it waits to be dispatched again."
            .formatted(type, worker.dispatchTimeout());
    operations.run(
        (lifeCycle, request) ->
            type.equals(request.state().workerType())
                    && lifeCycle.abandoned(request, reason) instanceof Transition.Moved moved
                ? Optional.of(moved.request())
                : Optional.empty(),
        tenant,
        filter,
        // asked anew before each page: a worker may have come meanwhile
        progress -> whyNot(type).isEmpty());
  }

  /** Why the requests cannot be sent again now; empty when they can. */
  private Optional<String> whyNot(String workerType) {
    if (registry.isAlive(workerType)) {
      return Optional.of("A worker '" + workerType + "' is alive and may be working on them.");
    }
    if (nanoClock.getAsLong() - listeningSinceNanos < settings.heartbeatExpiry().toNanos()) {
      return Optional.of("Whether a worker '" + workerType + "' is alive is not known yet.");
    }
    QueueState queue = publisher.workerQueue(workerType);
    return queue.isDeserted()
        ? Optional.empty()
        : Optional.of(
            "No worker '%s' is alive, but its queue still has messages or consumers: they may be among them."
                .formatted(workerType));
  }
}
