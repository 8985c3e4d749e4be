package org.workermanager.domain.lifecycle;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Request;

/**
 * What an event did to a request. Late and repeated events are ordinary: they do nothing, for a
 * reason.
 */
public sealed interface Transition {

  /**
   * The request is in a new state. What has to be published follows from that state.
   *
   * @param content its new content, or null where it keeps the one it has
   */
  record Moved(Request request, Content content) implements Transition {
    public Moved {
      requireNonNull(request, "request");
    }
  }

  /** Nothing changes. */
  record Ignored(Reason reason) implements Transition {}

  /** Why an event changes nothing. */
  enum Reason {
    /** It belongs to another dispatch than the current one. */
    LATE,
    /** The broker delivered it again, and it has been handled. */
    REPEATED,
    /** A request in this state does not take it. */
    NOT_EXPECTED,
    /** The manager does not hold the request. */
    NOT_HELD
  }
}
