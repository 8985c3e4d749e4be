package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Some of the requests that were found. */
public record RequestPage(List<Resource<HeldRequest>> content, Metadata metadata) {

  /**
   * Which of them.
   *
   * @param size how many requests a page has
   * @param number of this page, from 0
   */
  public record Metadata(int size, int number, long totalElements, long totalPages) {}

  public RequestPage {
    content = List.copyOf(content);
    requireNonNull(metadata, "metadata");
  }

  /** Those on this page. */
  public List<HeldRequest> requests() {
    return content.stream().map(Resource::content).toList();
  }
}
