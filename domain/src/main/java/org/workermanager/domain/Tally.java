package org.workermanager.domain;

import java.util.ArrayList;
import java.util.List;
import org.workermanager.domain.operation.OperationProgress;
import org.workermanager.domain.search.NumberedRequest;

/** Counts what an operation does. For one thread. */
final class Tally {

  private final List<OperationProgress.Refusal> refusals = new ArrayList<>();
  private final long matched;
  private long done;
  private long waiting;
  private long refused;

  /**
   * @param matched how many requests there are for it
   */
  Tally(long matched) {
    this.matched = matched;
  }

  /** So many more are done, and so many wait. */
  void add(long moreDone, long moreWaiting) {
    done += moreDone;
    waiting += moreWaiting;
  }

  /** This one stays as it is. */
  void refuse(NumberedRequest numbered, String reason) {
    refused++;
    if (refusals.size() < OperationProgress.MAX_REFUSALS) {
      refusals.add(
          new OperationProgress.Refusal(
              numbered.id(), numbered.request().key().requestId(), reason));
    }
  }

  /** All of it so far. */
  OperationProgress progress() {
    // some may have come to match since they were counted
    long all = Math.max(matched, done + waiting + refused);
    return new OperationProgress(all, done, waiting, refused, refusals);
  }
}
