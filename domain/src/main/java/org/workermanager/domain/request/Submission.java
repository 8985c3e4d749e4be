package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

/**
 * A request as a requester sent it, not yet checked (PROTOCOL section 2). Any of the texts may be
 * null: the header was missing or no text.
 *
 * @param priority from 0, the least urgent, to 255
 * @param redelivered whether the broker says that it may have delivered this message before
 * @param fault why the message is not to be taken, besides what is wrong with the texts, as a
 *     sentence; null if it is
 */
public record Submission(
    String tenant,
    String requestId,
    String source,
    String session,
    String contentType,
    int priority,
    Content content,
    Fingerprint fingerprint,
    boolean redelivered,
    String fault) {

  public Submission {
    requireNonNull(content, "content");
    requireNonNull(fingerprint, "fingerprint");
    if (priority < 0 || priority > 255) {
      throw new IllegalArgumentException("priority is 0 to 255, not " + priority);
    }
  }

  /** One that nothing is wrong with but, perhaps, the texts. */
  public Submission(
      String tenant,
      String requestId,
      String source,
      String session,
      String contentType,
      int priority,
      Content content,
      Fingerprint fingerprint,
      boolean redelivered) {
    this(
        tenant,
        requestId,
        source,
        session,
        contentType,
        priority,
        content,
        fingerprint,
        redelivered,
        null);
  }

  /** The key; only to be asked of a submission that has a tenant and a request id. */
  public RequestKey key() {
    return new RequestKey(tenant, requestId);
  }
}
