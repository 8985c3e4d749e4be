package org.workermanager.domain.operation;

/** Told how far an operation is. */
@FunctionalInterface
public interface OperationListener {

  /** Hears nothing, and lets it go on. */
  OperationListener NONE = progress -> true;

  /**
   * Called at the beginning, after each page, and while requests that are still moving are waited
   * for.
   *
   * @return whether the operation is to go on; else it ends here
   */
  boolean progressed(OperationProgress progress);
}
