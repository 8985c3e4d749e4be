package org.workermanager.domain.routing;

import java.util.List;

/**
 * A worker type as configured for a tenant (PROTOCOL section 9). Unchecked by itself: see {@link
 * Configuration}.
 *
 * @param contentTypeOutput the content type of what it produces, for the next step of a workflow;
 *     may be null
 * @param keepErrors whether failed requests stay held, to be looked at and retried
 */
public record WorkerConfiguration(
    String workerType,
    List<String> contentTypeInputs,
    String contentTypeOutput,
    boolean keepErrors) {

  public WorkerConfiguration {
    contentTypeInputs = List.copyOf(contentTypeInputs);
  }
}
