package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.operation.OperationProgress;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.registry.WorkerRegistry;
import org.workermanager.domain.registry.WorkerTypeStatus;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;
import org.workermanager.domain.store.RequestSearch;

/**
 * What people ask of a worker manager: the inbound port for operators and for programs that embed
 * one (PROTOCOL sections 8 to 10). Thread-safe.
 *
 * <p>What it does to requests it does page by page, on the calling thread; what it sets holds on
 * every instance within moments. Every method may throw {@link
 * org.workermanager.domain.store.StoreUnavailableException}, those that look at requests {@link
 * org.workermanager.domain.store.SearchTooLongException} as well.
 */
public final class Operator {

  /** What can be retried and deleted however young it is. */
  private static final Set<RequestStatus> AT_REST =
      EnumSet.of(
          RequestStatus.ERROR, RequestStatus.INVALID_CONTENT, RequestStatus.NO_WORKER_AVAILABLE);

  private static final UUID NO_DISPATCH = new UUID(0, 0);

  private final Configurations configurations;
  private final Runnable configured;
  private final WorkerRegistry registry;
  private final Availability availability;
  private final Operations operations;
  private final Overdue overdue;
  private final RequestSearch search;
  private final Supplier<Instant> now;

  /**
   * @param configured to be called when something may have been configured
   */
  Operator(
      Configurations configurations,
      Runnable configured,
      WorkerRegistry registry,
      Availability availability,
      Operations operations,
      Overdue overdue,
      Ports ports) {
    this.configurations = configurations;
    this.configured = configured;
    this.registry = registry;
    this.availability = availability;
    this.operations = operations;
    this.overdue = overdue;
    this.search = ports.stores().search();
    this.now = ports::now;
  }

  /** The tenants served. */
  public Set<String> tenants() {
    return configurations.tenants();
  }

  /**
   * Serves this tenant from now on.
   *
   * @throws IllegalArgumentException if no request could name it (PROTOCOL section 2)
   */
  public void serve(String tenant) {
    requireTenant(tenant);
    configurations.serve(tenant);
    configured.run();
  }

  /** The configuration in force of a tenant; empty if it is not served. */
  public Optional<Configuration> configuration(String tenant) {
    return configurations.configuration(tenant);
  }

  /**
   * Changes a tenant's configuration; serves the tenant if it was not.
   *
   * @throws InvalidConfigurationException naming every broken rule; the one in force stays
   * @throws IllegalArgumentException as {@link #serve} does
   */
  public void configure(String tenant, ConfigurationUpdate update) {
    requireTenant(tenant);
    configurations.update(tenant, update);
    configured.run();
  }

  static void requireTenant(String tenant) {
    String fault = ProtocolText.tenantFault(tenant);
    if (fault != null) {
      throw new IllegalArgumentException("the tenant " + fault);
    }
  }

  /** The worker types that are alive, and those that fell silent within a day. */
  public List<WorkerTypeStatus> workerTypes() {
    return registry.types();
  }

  /** The worker types that are paused. */
  public Set<String> paused() {
    return configurations.paused();
  }

  /**
   * Dispatches nothing to this worker type until it is resumed, whatever the tenant: its requests
   * wait. What has been dispatched goes on.
   *
   * @throws IllegalArgumentException if no worker type can be called so (PROTOCOL section 9)
   */
  public void pause(String workerType) {
    requireWorkerType(workerType);
    configurations.pause(workerType);
    configured.run();
  }

  /** Dispatches to this worker type again, beginning with what waits. */
  public void resume(String workerType) {
    requireWorkerType(workerType);
    configurations.resume(workerType);
    configured.run();
  }

  private static void requireWorkerType(String workerType) {
    if (!Configuration.isWorkerType(workerType)) {
      throw new IllegalArgumentException("'" + workerType + "' cannot be a worker type");
    }
  }

  /**
   * How many requests of all tenants were sent to each worker type longer ago than its dispatch
   * time-out, as last looked; types without any are left out.
   */
  public Map<String, Long> overdue() {
    return overdue.byWorkerType();
  }

  /** A page of the tenant's held requests. What a waiting one says is why it waits now. */
  public Page search(String tenant, RequestFilter filter, PageRequest page) {
    Page found = search.search(tenant, requireNonNull(filter, "filter"), page);
    List<NumberedRequest> content = found.content().stream().map(this::asOfNow).toList();
    return new Page(content, page, found.totalElements());
  }

  /** One held request in full. */
  public Optional<RequestDetails> find(String tenant, String requestId) {
    return search
        .find(new RequestKey(tenant, requestId))
        .map(
            found ->
                new RequestDetails(
                    asOfNow(found.numbered()), found.content(), found.originalContent()));
  }

  /** What it waits for may have changed since it began to. */
  private NumberedRequest asOfNow(NumberedRequest numbered) {
    Request request = numbered.request();
    Optional<Routing> routing = configurations.routing(request.key().tenant());
    if (request.status() != RequestStatus.NO_WORKER_AVAILABLE || routing.isEmpty()) {
      return numbered;
    }
    Request resumed =
        new LifeCycle(routing.get(), availability, NO_DISPATCH, request.since()).resumed(request);
    return resumed.status() == RequestStatus.NO_WORKER_AVAILABLE
        ? new NumberedRequest(numbered.id(), request.as(resumed.state()))
        : numbered;
  }

  /** How many requests of the tenant are held. */
  public RequestCounts count(String tenant, RequestFilter filter) {
    return search.count(tenant, requireNonNull(filter, "filter"));
  }

  /**
   * Retries requests, page by page, and returns when all is done or the listener ends it: those
   * that are held now, not those that come while it goes on. Each goes to where it stands, in a
   * workflow to the step that failed; its requester hears {@code GRANTED} or {@code DELAYED}.
   *
   * <p>Done is what can be done to each request at its turn: what a reply moved on meanwhile is
   * left alone. What is done stays done when this throws.
   *
   * @param filter where it names no states, those at rest are meant: {@code ERROR}, {@code
   *     INVALID_CONTENT}, {@code NO_WORKER_AVAILABLE}
   * @throws IllegalArgumentException if it names states in which that cannot be done, or {@code
   *     DISPATCHED} or {@code RUNNING} without a minimum age: unchangedSince, or createdBefore, in
   *     the past
   */
  public OperationProgress retry(String tenant, RequestFilter filter, OperationListener listener) {
    return operations.run(
        (lifeCycle, request) -> Optional.of(lifeCycle.retried(request)),
        tenant,
        changeable(filter),
        listener);
  }

  /** Deletes requests; otherwise as {@link #retry}. Requesters hear nothing. */
  public OperationProgress delete(String tenant, RequestFilter filter, OperationListener listener) {
    return operations.run(
        (lifeCycle, request) -> Optional.of(lifeCycle.deleted(request)),
        tenant,
        changeable(filter),
        listener);
  }

  /**
   * Finds out, by throwing or not, whether {@link #retry} and {@link #delete} would take this
   * filter.
   */
  public void requireChangeable(RequestFilter filter) {
    changeable(filter);
  }

  private RequestFilter changeable(RequestFilter filter) {
    Selection<RequestStatus> named = requireNonNull(filter, "filter").statuses();
    if (named == null || named.mode() == Selection.Mode.EXCLUDE) {
      Set<RequestStatus> meant = EnumSet.copyOf(AT_REST);
      if (named != null) {
        meant.removeAll(named.values());
      }
      return filter.withStatuses(new Selection<>(meant, Selection.Mode.INCLUDE));
    }
    for (RequestStatus status : named.values()) {
      if (status.isSent() && !hasMinimumAge(filter)) {
        throw new IllegalArgumentException(
            "Requests that are "
                + status
                + " can only be retried or deleted together with a minimum age.");
      } else if (!status.isSent() && !AT_REST.contains(status)) {
        throw new IllegalArgumentException(
            "Requests that are " + status + " can be neither retried nor deleted.");
      }
    }
    return filter;
  }

  private boolean hasMinimumAge(RequestFilter filter) {
    return Stream.of(
            Optional.ofNullable(filter.unchangedSince()),
            Optional.ofNullable(filter.createdBefore()))
        .flatMap(Optional::stream)
        .anyMatch(moment -> moment.isBefore(now.get()));
  }
}
