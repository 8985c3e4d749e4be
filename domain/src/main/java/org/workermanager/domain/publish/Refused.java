package org.workermanager.domain.publish;

import static java.util.Objects.requireNonNull;

/**
 * A message that the broker answered it does not take.
 *
 * @param message what was to be published
 * @param reason why, as a sentence for those who read logs and responses
 */
public record Refused<T>(T message, String reason) {

  public Refused {
    requireNonNull(message, "message");
    requireNonNull(reason, "reason");
  }
}
