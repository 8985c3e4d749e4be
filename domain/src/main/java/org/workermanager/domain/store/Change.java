package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Request;

/**
 * A held request's new state.
 *
 * @param content its new content, or null where it keeps the one it has
 */
public record Change(Request request, Content content) {

  public Change {
    requireNonNull(request, "request");
  }
}
