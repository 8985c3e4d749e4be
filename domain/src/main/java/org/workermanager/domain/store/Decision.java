package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

/**
 * Decides, from what a store knows, what it has to store. A pure function: a store that met a
 * conflict with another transaction calls it again with what is known then, and only what the last
 * call said counts.
 *
 * @param <R> what the decision means to the one who asked for it
 */
@FunctionalInterface
public interface Decision<R> {

  /** What to store, and what it means. */
  record Made<R>(Changes changes, R result) {
    public Made {
      requireNonNull(changes, "changes");
    }
  }

  Made<R> decide(Known known);
}
