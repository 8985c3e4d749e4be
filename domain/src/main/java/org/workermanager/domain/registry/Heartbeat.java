package org.workermanager.domain.registry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A worker instance says that it is alive (PROTOCOL section 4).
 *
 * @param instance the worker instance's own identifier
 * @param workerType its type, as written in configurations
 * @param date when it was sent, by the worker's clock, which may be wrong
 */
public record Heartbeat(String instance, String workerType, Instant date) {

  public Heartbeat {
    requireNonNull(instance, "instance");
    requireNonNull(workerType, "workerType");
    requireNonNull(date, "date");
  }
}
