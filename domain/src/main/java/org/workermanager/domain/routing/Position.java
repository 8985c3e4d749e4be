package org.workermanager.domain.routing;

/**
 * Where a request stands in its route.
 *
 * @param step the step's number; -1 at the start
 */
public record Position(Kind kind, int step) {

  /** How a position relates to the steps of a workflow. */
  public enum Kind {
    /** Nothing dispatched yet, or no workflow at all: the content type alone decides. */
    START,
    /** At this step of a workflow, whether dispatched, waiting for its worker, or failed there. */
    AT_STEP,
    /**
     * This step is done, but the workflow was not configured when it was: the next one is not known
     * yet.
     */
    AFTER_STEP
  }

  public static final Position START = new Position(Kind.START, -1);

  /** The {@link #code()} of every position after a step. */
  public static final int AFTER_ANY_STEP = -2;

  public Position {
    if ((kind == Kind.START) != (step == -1) || step < -1) {
      throw new IllegalArgumentException("no position: " + kind + " " + step);
    }
  }

  public static Position at(int step) {
    return new Position(Kind.AT_STEP, step);
  }

  public static Position after(int step) {
    return new Position(Kind.AFTER_STEP, step);
  }

  /**
   * What a store looks waiting requests up by: the step's number when at a step, -1 at the start,
   * -2 after any step.
   */
  public int code() {
    return kind == Kind.AFTER_STEP ? AFTER_ANY_STEP : step;
  }
}
