package org.workermanager.domain.search;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Request;

/**
 * One held request in full.
 *
 * @param content what the worker of its present step gets
 * @param originalContent what the requester sent, where that is another one; else null
 */
public record RequestDetails(NumberedRequest numbered, Content content, Content originalContent) {

  public RequestDetails {
    requireNonNull(numbered, "numbered");
    requireNonNull(content, "content");
  }

  /** The request, without its number. */
  public Request request() {
    return numbered.request();
  }
}
