package org.workermanager.domain.search;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.request.Request;

/**
 * A held request and the number its store gave it.
 *
 * @param id in the order of arrival; no other request ever has the same
 */
public record NumberedRequest(long id, Request request) {

  public NumberedRequest {
    requireNonNull(request, "request");
  }
}
