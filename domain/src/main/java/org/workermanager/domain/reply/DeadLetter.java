package org.workermanager.domain.reply;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.RequestKey;

/**
 * A dispatched request that came back as a dead letter (PROTOCOL section 6).
 *
 * @param reason the worker's stack trace, or the broker's reason
 * @param dispatch the dispatch that failed; null if the letter does not say
 * @param redelivered whether the broker says that it may have delivered this message before
 */
public record DeadLetter(
    RequestKey key, String reason, String dispatch, Fingerprint fingerprint, boolean redelivered) {

  public DeadLetter {
    requireNonNull(key, "key");
    requireNonNull(fingerprint, "fingerprint");
    reason = ProtocolText.storable(reason);
  }
}
