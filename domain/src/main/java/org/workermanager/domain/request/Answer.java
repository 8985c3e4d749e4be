package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What a request was answered by.
 *
 * @param fingerprint of the message
 * @param isDeadLetter whether it was a dead letter, not a worker's reply
 * @param earlier what it was answered by before, at the same step: the last ones first, and no more
 *     than {@value #EARLIER_KEPT}
 */
public record Answer(Fingerprint fingerprint, boolean isDeadLetter, List<Fingerprint> earlier) {

  /** How many earlier ones are kept: one before those, if it is delivered again, is taken again. */
  public static final int EARLIER_KEPT = 8;

  public Answer {
    requireNonNull(fingerprint, "fingerprint");
    earlier = List.copyOf(earlier);
  }

  /** The first one at its step. */
  public Answer(Fingerprint fingerprint, boolean isDeadLetter) {
    this(fingerprint, isDeadLetter, List.of());
  }

  /** This one, after those; null if there were none. */
  public Answer after(Answer before) {
    if (before == null) {
      return this;
    }
    List<Fingerprint> all = new ArrayList<>();
    all.add(before.fingerprint);
    all.addAll(before.earlier);
    all.remove(fingerprint);
    return new Answer(
        fingerprint, isDeadLetter, all.subList(0, Math.min(all.size(), EARLIER_KEPT)));
  }

  /** Whether this message is the answer, or an earlier one. */
  public boolean includes(Fingerprint message) {
    return message.equals(fingerprint) || earlier.contains(message);
  }
}
