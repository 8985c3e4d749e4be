package org.workermanager.domain.simulation;

import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestStore;

/** Breaks a manager, or what is around it, to prove that it is noticed. */
interface Sabotage {

  /** Leaves it intact. */
  Sabotage NONE = new Sabotage() {};

  /** The request store itself, below what the checker sees of it. */
  default RequestStore database(RequestStore intact) {
    return intact;
  }

  /** The request store as the manager sees it. */
  default RequestStore store(RequestStore intact) {
    return intact;
  }

  default LeaseStore leases(LeaseStore intact) {
    return intact;
  }

  default Publisher publisher(Publisher intact) {
    return intact;
  }

  /** What is handed in of what was delivered. */
  default Submission read(Submission delivered) {
    return delivered;
  }

  /** The same of a reply. */
  default Reply read(Reply delivered) {
    return delivered;
  }

  /** Whether requests are acknowledged before they are handed in. */
  default boolean acknowledgesFirst() {
    return false;
  }

  /** Whether what is deferred is acknowledged as if it were done with. */
  default boolean acknowledgesDeferred() {
    return false;
  }
}
