package org.workermanager.amqp.client;

import java.util.List;
import java.util.Map;

/** How a worker's work on a request ended (PROTOCOL section 5). */
public sealed interface WorkResult {

  /**
   * It succeeded.
   *
   * @param content for the requester or, in a workflow, the next step's worker; null for none
   * @param additionalHeaders for the next step's worker
   */
  record Success(byte[] content, Map<String, String> additionalHeaders) implements WorkResult {
    public Success {
      additionalHeaders = Map.copyOf(additionalHeaders);
    }
  }

  /** It failed, and why. */
  record Failure(List<String> messages) implements WorkResult {
    public Failure {
      messages = List.copyOf(messages);
    }
  }

  /** There is something wrong with the content, and what. */
  record InvalidContent(List<String> messages) implements WorkResult {
    public InvalidContent {
      messages = List.copyOf(messages);
    }
  }

  static WorkResult success(byte[] content) {
    return new Success(content, Map.of());
  }

  static WorkResult success(byte[] content, Map<String, String> additionalHeaders) {
    return new Success(content, additionalHeaders);
  }

  static WorkResult failure(String... messages) {
    return new Failure(List.of(messages));
  }

  static WorkResult invalidContent(String... messages) {
    return new InvalidContent(List.of(messages));
  }
}
