package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A worker type that is alive, was lately, is paused, or is configured.
 *
 * @param overdue how many requests have been with it for longer than its dispatch time-out
 * @param lastBeat null where none was heard, or not lately
 */
public record WorkerType(
    String workerType,
    boolean alive,
    boolean paused,
    boolean configured,
    int nbInstance,
    long overdue,
    String firstBeat,
    String lastBeat,
    List<Instance> instances) {

  /** One worker of the type. */
  public record Instance(String instance, String firstBeat, String lastBeat) {}

  public WorkerType {
    requireNonNull(workerType, "workerType");
    instances = instances == null ? List.of() : List.copyOf(instances);
  }
}
