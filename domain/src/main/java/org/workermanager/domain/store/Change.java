package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;

/**
 * A held request's new state.
 *
 * @param content its new content, or null where it keeps the one it has
 */
public record Change(Request request, Content content) {

  public Change {
    requireNonNull(request, "request");
  }

  /**
   * Whether the request is in the batch from now on: not when all that happened is that a worker
   * has begun, for then the batch that dispatched it may still owe the dispatch.
   */
  public boolean joinsBatch() {
    return request.status() != RequestStatus.RUNNING;
  }
}
