package org.workermanager.domain.publish;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.protocol.ProtocolText;

/**
 * A message that the broker answered it does not take.
 *
 * @param message what was to be published
 * @param reason why, as a sentence for those who read logs and responses
 */
public record Refused<T>(T message, String reason) {

  public Refused {
    requireNonNull(message, "message");
    // it may quote the broker, and it is kept with the request
    reason = ProtocolText.storable(reason);
  }
}
