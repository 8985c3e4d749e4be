package org.workermanager.domain.simulation;

import java.util.Objects;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;

/** From which state to which a request may go, and by what (PROTOCOL sections 5, 6 and 8). */
final class Moves {

  private Moves() {}

  /** But for a dispatch that the broker did not take, which makes a request wait in any lane. */
  static boolean isLegal(Lane lane, RequestState before, RequestState after) {
    RequestStatus from = before.status();
    RequestStatus to = after.status();
    boolean goesOnOrWaits =
        to == RequestStatus.DISPATCHED || to == RequestStatus.NO_WORKER_AVAILABLE;
    return switch (lane) {
      case REPLIES ->
          switch (to) {
            case RUNNING -> from == RequestStatus.DISPATCHED;
            case ERROR, INVALID_CONTENT, SUCCESS -> true;
            default -> goesOnOrWaits && isNextStep(before, after);
          };
      case DEAD_LETTERS -> to == RequestStatus.ERROR;
      case DISPATCH ->
          from == RequestStatus.NO_WORKER_AVAILABLE
              && (goesOnOrWaits || to == RequestStatus.SUCCESS);
      case OPERATOR ->
          goesOnOrWaits || to == RequestStatus.SUCCESS || to == RequestStatus.TO_DELETE;
      case OVERDUE -> from.isSent() && to == RequestStatus.NO_WORKER_AVAILABLE;
      case REQUESTS, TICK, CONNECT, LEASE, HEARTBEATS -> false;
    };
  }

  private static boolean isNextStep(RequestState before, RequestState after) {
    return !Objects.equals(before.openedBy(), after.openedBy())
        || !before.position().equals(after.position());
  }

  /** The message that is given as the reason for this move; null if none is. */
  static Fingerprint answer(RequestState before, RequestState after) {
    if (isNextStep(before, after)) {
      return after.openedBy();
    }
    return switch (after.status()) {
      case ERROR, INVALID_CONTENT, SUCCESS -> after.answeredBy().fingerprint();
      default -> null;
    };
  }
}
