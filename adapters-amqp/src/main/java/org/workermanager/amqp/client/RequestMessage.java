package org.workermanager.amqp.client;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.protocol.ProtocolText;

/**
 * A request to submit (PROTOCOL section 2).
 *
 * @param requestId unique within the tenant among the requests that the manager holds
 * @param contentType decides who works on it
 * @param priority 0 to 255
 */
public record RequestMessage(
    String tenant,
    String requestId,
    String owner,
    String session,
    String contentType,
    int priority,
    byte[] content) {

  public RequestMessage {
    requireText(tenant, "tenant");
    requireText(requestId, "requestId");
    requireText(owner, "owner");
    requireText(session, "session");
    requireText(contentType, "contentType");
    requireNonNull(content, "content");
    if (priority < 0 || priority > 255) {
      throw new IllegalArgumentException("priority must be 0 to 255, not " + priority);
    }
  }

  /** What the manager would not take. */
  private static void requireText(String text, String name) {
    String fault = ProtocolText.fault(requireNonNull(text, name));
    if (fault != null) {
      throw new IllegalArgumentException(name + " " + fault);
    }
  }
}
