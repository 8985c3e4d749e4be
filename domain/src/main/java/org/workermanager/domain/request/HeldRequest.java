package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

/**
 * A request together with its present content: what its worker gets, or its requester when it has
 * succeeded.
 */
public record HeldRequest(Request request, Content content) {

  public HeldRequest {
    requireNonNull(request, "request");
    requireNonNull(content, "content");
  }
}
