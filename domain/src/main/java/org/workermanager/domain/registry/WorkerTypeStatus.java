package org.workermanager.domain.registry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a worker type from its heartbeats.
 *
 * @param firstBeat when it came alive, the last time it did
 * @param lastBeat when its last heartbeat arrived; of a manager that has just started, it may be
 *     one that an earlier process heard
 * @param instances those alive, by name; none where the type is silent
 */
public record WorkerTypeStatus(
    String workerType, Instant firstBeat, Instant lastBeat, List<KnownWorker> instances) {

  public WorkerTypeStatus {
    requireNonNull(workerType, "workerType");
    requireNonNull(firstBeat, "firstBeat");
    requireNonNull(lastBeat, "lastBeat");
    instances = List.copyOf(instances);
  }

  public boolean isAlive() {
    return !instances.isEmpty();
  }
}
