package org.workermanager.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.ServedTenant;

/**
 * What people set, as last read from the store: the configuration in force of every served tenant,
 * and the paused worker types. Thread-safe.
 */
final class Configurations {

  private record InForce(long version, Configuration configuration, Routing routing) {}

  private final ConfigurationStore store;
  private final Monitor monitor;
  private volatile Map<String, InForce> inForce = Map.of();
  private volatile Set<String> paused = Set.of();

  Configurations(ConfigurationStore store, Monitor monitor) {
    this.store = store;
    this.monitor = monitor;
  }

  /** The routing of this tenant; empty if it is not served. */
  Optional<Routing> routing(String tenant) {
    return Optional.ofNullable(inForce.get(tenant)).map(InForce::routing);
  }

  /** The configuration of this tenant; empty if it is not served. */
  Optional<Configuration> configuration(String tenant) {
    return Optional.ofNullable(inForce.get(tenant)).map(InForce::configuration);
  }

  /** The workers configured for this tenant. */
  List<WorkerConfiguration> workers(String tenant) {
    return configuration(tenant).map(Configuration::workers).orElse(List.of());
  }

  Set<String> tenants() {
    return inForce.keySet();
  }

  /** Whether any tenant has a worker of this type; also as long as nothing is known. */
  boolean haveWorker(String workerType) {
    return inForce.isEmpty()
        || inForce.values().stream()
            .flatMap(current -> current.configuration().workers().stream())
            .anyMatch(worker -> worker.workerType().equals(workerType));
  }

  /** Every place, in every tenant, at which requests may wait for this worker type. */
  List<WaitingPlace> placesBefore(String workerType) {
    List<WaitingPlace> places = new ArrayList<>();
    inForce.forEach(
        (tenant, current) -> places.addAll(current.routing().placesBefore(workerType, tenant)));
    return places;
  }

  /** Every place, in every tenant, between two steps of a workflow that is configured. */
  List<WaitingPlace> placesBetweenSteps() {
    List<WaitingPlace> places = new ArrayList<>();
    inForce.forEach(
        (tenant, current) -> places.addAll(current.routing().placesBetweenSteps(tenant)));
    return places;
  }

  /** The worker types that are paused. */
  Set<String> paused() {
    return paused;
  }

  boolean isPaused(String workerType) {
    return paused.contains(workerType);
  }

  void pause(String workerType) {
    store.pause(workerType);
  }

  void resume(String workerType) {
    store.resume(workerType);
  }

  void serve(String tenant) {
    store.change(tenant, served -> served);
  }

  void update(String tenant, ConfigurationUpdate update) {
    store.change(
        tenant,
        served ->
            new ServedTenant(update.appliedTo(served.configuration()), served.lastStartImport()));
  }

  /**
   * Does nothing when this file was the last one imported so: a restart must not undo what an
   * operator changed.
   */
  void updateAtStart(String tenant, ConfigurationUpdate update, Fingerprint file) {
    store.change(
        tenant,
        served ->
            file.equals(served.lastStartImport())
                ? served
                : new ServedTenant(update.appliedTo(served.configuration()), file));
  }

  /** Reads everything for the first time, which is nobody's news. */
  void load() {
    refresh(Monitor.NONE);
  }

  /**
   * Reads what has changed.
   *
   * @return whether anything has
   */
  boolean refresh() {
    return refresh(monitor);
  }

  private synchronized boolean refresh(Monitor told) {
    boolean configured = refreshTenants(told);
    return refreshPaused(told) || configured;
  }

  private boolean refreshPaused(Monitor told) {
    Set<String> before = paused;
    Set<String> now = Set.copyOf(store.paused());
    paused = now;
    now.stream().filter(type -> !before.contains(type)).forEach(told::workerTypePaused);
    before.stream().filter(type -> !now.contains(type)).forEach(told::workerTypeResumed);
    return !now.equals(before);
  }

  private boolean refreshTenants(Monitor told) {
    Map<String, Long> versions = store.versions();
    // in an order that is the same in every run
    Map<String, InForce> updated = new TreeMap<>();
    List<String> changed = new ArrayList<>();
    versions.forEach(
        (tenant, version) -> {
          InForce known = inForce.get(tenant);
          if (known != null && known.version() == version) {
            updated.put(tenant, known);
          } else {
            store
                .find(tenant)
                .map(ServedTenant::configuration)
                .ifPresent(
                    read -> updated.put(tenant, new InForce(version, read, new Routing(read))));
            changed.add(tenant);
          }
        });
    inForce = Collections.unmodifiableMap(updated);
    changed.forEach(told::configured);
    return !changed.isEmpty();
  }
}
