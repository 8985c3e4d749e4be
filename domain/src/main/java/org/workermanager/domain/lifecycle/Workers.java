package org.workermanager.domain.lifecycle;

import java.util.Optional;

/** Tells whether a worker type can be sent requests now. */
@FunctionalInterface
public interface Workers {

  /**
   * Why nothing can be sent to this worker type now, as a sentence for requesters; empty when it
   * can.
   */
  Optional<String> whyNot(String workerType);
}
