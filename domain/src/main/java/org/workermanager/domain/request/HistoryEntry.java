package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.workermanager.domain.routing.Position;

/**
 * One transition of a held request.
 *
 * @param at when, to the microsecond
 * @param status what it came to
 * @param workerType where it was sent, waits for, or was answered by; null while none is known
 * @param step of a workflow, between two of them the one just done; null where it is at none
 * @param detail why, or what the worker said, shortened; may be empty
 */
public record HistoryEntry(
    Instant at, RequestStatus status, String workerType, Integer step, String detail) {

  private static final int LONGEST_DETAIL = 200;

  public HistoryEntry {
    requireNonNull(at, "at");
    requireNonNull(status, "status");
    detail = shortened(requireNonNull(detail, "detail"));
  }

  /** A request came into this state. */
  static HistoryEntry of(Instant at, RequestState state, String detail) {
    Position position = state.position();
    return new HistoryEntry(
        at,
        state.status(),
        state.workerType(),
        position.kind() == Position.Kind.START ? null : position.step(),
        detail);
  }

  /** By whole characters, so that it can be stored. */
  private static String shortened(String text) {
    if (text.length() <= LONGEST_DETAIL) {
      return text;
    }
    int end = LONGEST_DETAIL - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
