package org.workermanager.domain.memory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.workermanager.domain.store.LeaseStore;

/** Keeps leases in memory, for managers in one process and for tests. Thread-safe. */
public final class InMemoryLeaseStore implements LeaseStore {

  private record Lease(String instance, Instant end) {}

  private final Map<UUID, Lease> leases = new LinkedHashMap<>();
  private final InstantSource clock;

  /**
   * @param clock by which leases run out
   */
  public InMemoryLeaseStore(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  synchronized boolean holds(UUID lease) {
    return leases.containsKey(lease);
  }

  @Override
  public synchronized void begin(UUID lease, String instance, Duration length) {
    leases.put(lease, new Lease(instance, clock.instant().plus(length)));
  }

  @Override
  public synchronized boolean renew(UUID lease, Duration length) {
    return leases.computeIfPresent(
            lease, (id, held) -> new Lease(held.instance(), clock.instant().plus(length)))
        != null;
  }

  @Override
  public synchronized void end(UUID lease) {
    leases.remove(lease);
  }

  @Override
  public synchronized void endOf(String instance) {
    leases.values().removeIf(lease -> lease.instance().equals(instance));
  }

  @Override
  public synchronized void endOthers(UUID lease) {
    leases.keySet().removeIf(other -> !other.equals(lease));
  }

  @Override
  public synchronized List<String> endExpired() {
    Instant now = clock.instant();
    List<String> ended = new ArrayList<>();
    leases.values().removeIf(lease -> lease.end().isBefore(now) && ended.add(lease.instance()));
    return ended;
  }
}
