package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A retry or delete at work, or what came of it. Instants are in ISO-8601; what is absent is null.
 *
 * @param scope its tenant
 * @param reason why it ended before its time
 * @param refusals the first of those refused
 */
public record Operation(
    String id,
    Kind kind,
    String scope,
    State state,
    String reason,
    String started,
    String ended,
    long matched,
    long done,
    long waiting,
    long refused,
    List<Refusal> refusals) {

  /** What is done to the requests. */
  public enum Kind {
    RETRY,
    DELETE
  }

  /** Whether it is over, and how. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    STOPPED
  }

  /** A request that was left as it is, and why. */
  public record Refusal(long id, String requestId, String reason) {}

  public Operation {
    requireNonNull(id, "id");
    requireNonNull(kind, "kind");
    requireNonNull(state, "state");
    refusals = refusals == null ? List.of() : List.copyOf(refusals);
  }

  /** How many it has been through. */
  public long handled() {
    return done + waiting + refused;
  }
}
