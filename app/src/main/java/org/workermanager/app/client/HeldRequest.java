package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * A request that a manager holds. Instants are in ISO-8601; what is absent is null.
 *
 * @param id its number
 * @param dispatchedWorkerType where it was last sent
 * @param workerType where it stands
 * @param step of its workflow
 * @param since when it came into its state
 * @param error why it is there, in lines
 * @param contentSize in bytes, of one request in full; so are the headers and the history
 */
public record HeldRequest(
    long id,
    String requestId,
    String creationDate,
    String contentType,
    String source,
    String session,
    String status,
    String dispatchedWorkerType,
    String error,
    Integer priority,
    Integer step,
    String workerType,
    String since,
    Long contentSize,
    Map<String, Object> additionalHeaders,
    List<Transition> history) {

  /** One step of what happened to it. */
  public record Transition(
      String at, String status, String workerType, Integer step, String detail) {}

  public HeldRequest {
    requireNonNull(requestId, "requestId");
    requireNonNull(status, "status");
    additionalHeaders = additionalHeaders == null ? Map.of() : additionalHeaders;
    history = history == null ? List.of() : List.copyOf(history);
  }
}
