package org.workermanager.domain.routing;

/** Where a request goes from a {@link Position}. */
public sealed interface Route {

  /** To a worker type, which brings it to this position. */
  record ToWorker(Position position, String workerType) implements Route {}

  /** Nowhere: the step just done was the last one. */
  record Complete() implements Route {}

  /** Nowhere: its content type is configured to be skipped. */
  record Skipped() implements Route {}

  /** Nowhere as things are configured now; why, as a sentence. */
  record Unroutable(String reason) implements Route {}
}
