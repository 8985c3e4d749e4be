package org.workermanager.domain.registry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A worker instance as it is shown and remembered.
 *
 * @param firstBeat when its first heartbeat arrived, by the manager's clock
 * @param lastBeat when its last one did
 */
public record KnownWorker(String workerType, String instance, Instant firstBeat, Instant lastBeat) {

  public KnownWorker {
    requireNonNull(workerType, "workerType");
    requireNonNull(instance, "instance");
    requireNonNull(firstBeat, "firstBeat");
    requireNonNull(lastBeat, "lastBeat");
  }
}
