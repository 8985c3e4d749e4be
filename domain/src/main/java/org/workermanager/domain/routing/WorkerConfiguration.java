package org.workermanager.domain.routing;

import java.time.Duration;
import java.util.List;

/**
 * A worker type as configured for a tenant (PROTOCOL section 9). Unchecked by itself: see {@link
 * Configuration}.
 *
 * @param contentTypeOutput the content type of what it produces, for the next step of a workflow;
 *     may be null
 * @param keepErrors whether failed requests stay held, to be looked at and retried
 * @param dispatchTimeout for how long a request may be dispatched to or running at this worker type
 *     before it counts as overdue; null for as long as it takes
 */
public record WorkerConfiguration(
    String workerType,
    List<String> contentTypeInputs,
    String contentTypeOutput,
    boolean keepErrors,
    Duration dispatchTimeout) {

  public WorkerConfiguration {
    contentTypeInputs = List.copyOf(contentTypeInputs);
  }

  /** One without a dispatch timeout. */
  public WorkerConfiguration(
      String workerType,
      List<String> contentTypeInputs,
      String contentTypeOutput,
      boolean keepErrors) {
    this(workerType, contentTypeInputs, contentTypeOutput, keepErrors, null);
  }
}
