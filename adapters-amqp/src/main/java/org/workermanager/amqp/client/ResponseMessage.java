package org.workermanager.amqp.client;

import java.util.List;

/**
 * What a requester is told (PROTOCOL section 7). Texts are null where the response has none.
 *
 * @param state {@code SKIPPED}, {@code GRANTED}, {@code DELAYED}, {@code INVALID_CONTENT}, {@code
 *     ERROR} or {@code SUCCESS}
 * @param workerType which one works on it, once that is known
 * @param content the result, with {@code SUCCESS}; else null
 */
public record ResponseMessage(
    String state,
    String tenant,
    String requestId,
    String owner,
    String session,
    String contentType,
    String workerType,
    List<String> messages,
    byte[] content) {

  public ResponseMessage {
    messages = List.copyOf(messages);
  }
}
