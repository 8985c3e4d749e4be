package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;

/**
 * One submission as its requester knows it: what became of it, state by state as stored, and how
 * much of that the requester may have heard.
 *
 * <p>From responses alone it cannot always be told which of two equal states they are about. So all
 * that is possible is kept in mind: bit i of {@link #heard} stands for the first i states.
 */
final class Story {

  private static final int MOST = Long.SIZE - 1;

  final Submission submission;

  /** How many times the requester published the very same message. */
  int copies = 1;

  /** How many deliveries of it a manager was handed. */
  int handedIn;

  /** How often it was taken, and became a request. */
  int lives;

  int skipped;
  boolean setAside;

  /** Whether an answer of a worker that does not name dispatches was taken for another one. */
  boolean confused;

  /** Whether that happened before the requester heard of that other one. */
  boolean outOfOrder;

  /** How many calls to a manager that have it are under way. */
  int inHand;

  /** The batch in which its request was changed last. */
  UUID batch;

  /** Its request's, as stored last. */
  RequestState state;

  final Hearing hearing = new Hearing();
  private final List<Owed> owed = new ArrayList<>();
  private long heard = 1;

  Story(Submission submission) {
    this.submission = submission;
  }

  void owe(Owed next) {
    if (owed.size() == MOST) {
      throw new IllegalStateException("a history too long for this: " + this);
    }
    owed.add(next);
  }

  List<Owed> owed() {
    return owed;
  }

  Owed last() {
    return owed.isEmpty() ? null : owed.get(owed.size() - 1);
  }

  /** Returns whether it may be told this now; if it may, it has been. */
  boolean hears(Response response) {
    long next = 0;
    for (int i = 0; i <= owed.size(); i++) {
      if ((heard >> i & 1) == 1) {
        if (i < owed.size() && owed.get(i).isToldBy(response)) {
          next |= 1L << i + 1;
        }
        if (i > 0 && isRepeatable(owed.get(i - 1)) && owed.get(i - 1).isToldBy(response)) {
          next |= 1L << i;
        }
      }
    }
    heard = next == 0 ? heard : next;
    return next != 0;
  }

  private static boolean isRepeatable(Owed told) {
    return told.interrupted && !told.closed;
  }

  /** Whether all of this, and what came before it, may have been heard. */
  boolean hasHeard(Owed what) {
    return heard >> owed.indexOf(what) + 1 != 0;
  }

  boolean hasHeardAll() {
    return (heard >> owed.size() & 1) == 1;
  }

  boolean hasSucceeded() {
    return last() != null && last().response == ResponseState.SUCCESS;
  }

  @Override
  public String toString() {
    return submission.session()
        + " as "
        + submission.tenant()
        + "/"
        + submission.requestId()
        + " "
        + owed
        + ", heard "
        + Long.toBinaryString(heard);
  }
}
