package org.workermanager.domain.search;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A part of what was found.
 *
 * @param request what was asked for
 * @param totalElements how many requests there are on all pages
 */
public record Page(List<NumberedRequest> content, PageRequest request, long totalElements) {

  public Page {
    content = List.copyOf(content);
    requireNonNull(request, "request");
  }

  /** How many pages there are. */
  public long totalPages() {
    return (totalElements + request.size() - 1) / request.size();
  }
}
