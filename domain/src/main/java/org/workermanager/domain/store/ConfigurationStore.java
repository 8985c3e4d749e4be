package org.workermanager.domain.store;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Keeps what people set: the served tenants, the configuration of each, and which worker types are
 * paused. Shared by all instances of a deployment. Thread-safe; throws {@link
 * StoreUnavailableException} when the store does not answer.
 */
public interface ConfigurationStore {

  /**
   * The version of each served tenant's configuration, by tenant: it changes whenever the
   * configuration does.
   */
  Map<String, Long> versions();

  /** The tenant, if it is served. */
  Optional<ServedTenant> find(String tenant);

  /**
   * Changes a tenant in one transaction, in which nobody else changes it; adds it, starting from
   * {@link ServedTenant#NEW}, if it was not served. What the change throws is passed on, and
   * nothing is stored then. The change may be called again after a conflict; when it gives back
   * what it got, a served tenant keeps its version.
   */
  void change(String tenant, UnaryOperator<ServedTenant> change);

  /** The worker types to which nothing is dispatched, for any tenant. */
  Set<String> paused();

  /** Adds a worker type to those paused; nothing changes if it is one already. */
  void pause(String workerType);

  /** Removes it from those paused; nothing changes if it is none. */
  void resume(String workerType);
}
