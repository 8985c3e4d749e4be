package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

/** All that is kept: the stores of one deployment. */
public record Stores(
    RequestStore requests,
    RequestSearch search,
    ConfigurationStore configurations,
    WorkerStore workers,
    LeaseStore leases) {

  public Stores {
    requireNonNull(requests, "requests");
    requireNonNull(search, "search");
    requireNonNull(configurations, "configurations");
    requireNonNull(workers, "workers");
    requireNonNull(leases, "leases");
  }
}
