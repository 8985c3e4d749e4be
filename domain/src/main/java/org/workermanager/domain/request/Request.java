package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A held request without its content: who asks for what, and how far it is. Its content, which may
 * be large, is loaded only where it is sent.
 *
 * @param source the owner: who asks
 * @param creationDate when it was taken
 * @param fingerprint of the message that brought it
 */
public record Request(
    RequestKey key,
    String source,
    String session,
    String contentType,
    int priority,
    Instant creationDate,
    Fingerprint fingerprint,
    RequestState state) {

  public Request {
    requireNonNull(key, "key");
    requireNonNull(source, "source");
    requireNonNull(session, "session");
    requireNonNull(contentType, "contentType");
    requireNonNull(creationDate, "creationDate");
    requireNonNull(fingerprint, "fingerprint");
    requireNonNull(state, "state");
  }

  /** The same request in another state. */
  public Request in(RequestState newState) {
    return new Request(
        key, source, session, contentType, priority, creationDate, fingerprint, newState);
  }

  public RequestStatus status() {
    return state.status();
  }
}
