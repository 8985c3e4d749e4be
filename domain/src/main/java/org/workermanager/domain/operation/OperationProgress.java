package org.workermanager.domain.operation;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How far a retry or delete is, or what came of it.
 *
 * @param matched how many requests there were for it at the beginning
 * @param done how many are deleted, or dispatched again, be it that the broker then refused that
 * @param waiting of a retry, how many wait: nothing can be dispatched to their workers now
 * @param refused how many were left as they are, for a reason
 * @param refusals the first of those, at most {@link #MAX_REFUSALS}
 */
public record OperationProgress(
    long matched, long done, long waiting, long refused, List<Refusal> refusals) {

  /** How many refusals are told in full. */
  public static final int MAX_REFUSALS = 100;

  /**
   * A request that was left as it is.
   *
   * @param id its number
   * @param reason why, as a sentence
   */
  public record Refusal(long id, String requestId, String reason) {
    public Refusal {
      requireNonNull(requestId, "requestId");
      requireNonNull(reason, "reason");
    }
  }

  public OperationProgress {
    refusals = List.copyOf(refusals);
  }
}
