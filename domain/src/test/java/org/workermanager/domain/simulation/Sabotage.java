package org.workermanager.domain.simulation;

import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.store.RequestStore;

/** Breaks a manager, to prove that it is noticed. */
interface Sabotage {

  /** Leaves it intact. */
  Sabotage NONE = new Sabotage() {};

  default RequestStore store(RequestStore intact) {
    return intact;
  }

  default Publisher publisher(Publisher intact) {
    return intact;
  }

  /** Whether requests are acknowledged before they are handed in. */
  default boolean acknowledgesFirst() {
    return false;
  }
}
