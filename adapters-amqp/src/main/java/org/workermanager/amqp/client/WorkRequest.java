package org.workermanager.amqp.client;

import java.util.Map;

/**
 * A request as a worker gets it (PROTOCOL section 3).
 *
 * @param content the bytes themselves, not a copy
 * @param additionalHeaders what the worker of the previous step wants to tell this one; empty
 *     outside workflows
 */
public record WorkRequest(
    String tenant,
    String requestId,
    String owner,
    String session,
    String contentType,
    byte[] content,
    Map<String, String> additionalHeaders) {

  public WorkRequest {
    additionalHeaders = Map.copyOf(additionalHeaders);
  }
}
