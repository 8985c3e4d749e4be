package org.workermanager.domain.memory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.ServedTenant;

/** Keeps configurations in memory, for embedding without a database and for tests. Thread-safe. */
public final class InMemoryConfigurationStore implements ConfigurationStore {

  private record Versioned(long version, ServedTenant tenant) {}

  private final Map<String, Versioned> tenants = new HashMap<>();
  private final Set<String> paused = new HashSet<>();

  /** No tenant is served yet. */
  public InMemoryConfigurationStore() {}

  @Override
  public synchronized Map<String, Long> versions() {
    Map<String, Long> versions = new TreeMap<>();
    tenants.forEach((name, tenant) -> versions.put(name, tenant.version()));
    return versions;
  }

  @Override
  public synchronized Optional<ServedTenant> find(String tenant) {
    return Optional.ofNullable(tenants.get(tenant)).map(Versioned::tenant);
  }

  @Override
  public synchronized Set<String> paused() {
    return Set.copyOf(paused);
  }

  @Override
  public synchronized void pause(String workerType) {
    paused.add(workerType);
  }

  @Override
  public synchronized void resume(String workerType) {
    paused.remove(workerType);
  }

  @Override
  public synchronized void change(String tenant, UnaryOperator<ServedTenant> change) {
    Versioned before = tenants.get(tenant);
    ServedTenant after = change.apply(before == null ? ServedTenant.NEW : before.tenant());
    if (before == null || !after.equals(before.tenant())) {
      tenants.put(tenant, new Versioned(before == null ? 1 : before.version() + 1, after));
    }
  }
}
