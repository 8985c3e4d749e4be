package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

/**
 * What a request was answered by.
 *
 * @param fingerprint of the message
 * @param isDeadLetter whether it was a dead letter, not a worker's reply
 */
public record Answer(Fingerprint fingerprint, boolean isDeadLetter) {

  public Answer {
    requireNonNull(fingerprint, "fingerprint");
  }
}
