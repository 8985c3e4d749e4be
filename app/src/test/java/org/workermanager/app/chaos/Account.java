package org.workermanager.app.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All that happened to one request, as its requester and its workers saw it. Thread-safe. */
final class Account {

  /** What came to the requester. */
  private record Heard(String state, boolean asItMust) {}

  private record Event(Instant at, String what) {}

  private final Assignment assignment;
  private final List<Event> events = new ArrayList<>(8);
  private final List<Heard> ends = new ArrayList<>(1);
  private Instant accepted;
  private Instant firstEnd;
  private Instant lastEnd;
  private boolean granted;
  private boolean endedUngranted;
  private boolean garbled;
  private int dispatches;

  Account(Assignment assignment) {
    this.assignment = assignment;
  }

  Assignment assignment() {
    return assignment;
  }

  private void note(String what) {
    events.add(new Event(Instant.now(), what));
  }

  synchronized void submitted(String by) {
    note("submitted by " + by);
  }

  /** The broker confirmed it: from now on it must be answered. */
  synchronized void accepted() {
    accepted = Instant.now();
    note("accepted");
  }

  /** The broker has no queue for it, and says so: nobody owes an answer. */
  synchronized void returned() {
    note("returned as unroutable");
  }

  /** A worker has it. */
  synchronized void taken(
      String worker, String workerType, String content, String dispatch, boolean redelivered) {
    note(
        "taken by %s, dispatch %s%s".formatted(worker, dispatch, redelivered ? ", once more" : ""));
    // what the broker delivers again is none of the manager's doing
    if (!redelivered) {
      dispatches++;
    }
    if (!content.equals(assignment.contentFor(workerType))) {
      garbled = true;
      note("which is not the content that is due there: " + shortened(content));
    }
  }

  synchronized void replied(String worker, String status) {
    note("%s's reply %s is confirmed".formatted(worker, status));
  }

  /** The requester got a response. */
  synchronized void heard(Response response) {
    String state = response.state();
    note(
        "heard %s from %s%s"
            .formatted(state, response.by(), response.redelivered() ? ", once more" : ""));
    if (state.equals("GRANTED")) {
      granted = true;
    } else if (!state.equals("DELAYED")) {
      ended(response);
    }
  }

  private void ended(Response response) {
    Assignment.Work due = assignment.end();
    boolean asItMust =
        response.state().equals(due.status())
            && response.tenant().equals(assignment.tenant())
            && (due.content() == null || due.content().equals(response.content()));
    if (!asItMust) {
      note(
          "which is not how it must end: "
              + due.status()
              + "; heard "
              + shortened(response.text()));
    }
    lastEnd = Instant.now();
    if (firstEnd == null) {
      firstEnd = lastEnd;
      endedUngranted = !granted;
    }
    if (!response.redelivered() || !asItMust) {
      ends.add(new Heard(response.state(), asItMust));
    }
  }

  private static String shortened(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "...";
  }

  synchronized boolean isAccepted() {
    return accepted != null;
  }

  synchronized boolean hasEnded() {
    return firstEnd != null;
  }

  /** Accepted, and not answered. */
  synchronized boolean isOwed() {
    return accepted != null && firstEnd == null;
  }

  /** Some response says that it ended in another way than it must. */
  synchronized boolean isContradicted() {
    return garbled || ends.stream().anyMatch(end -> !end.asItMust());
  }

  /** The end was heard before any GRANTED. */
  synchronized boolean isOutOfOrder() {
    return endedUngranted;
  }

  /** How many responses told its end once more. */
  synchronized int repeatedEnds() {
    return Math.max(0, ends.size() - 1);
  }

  /** How many times workers got it more often than needed, the broker's redeliveries aside. */
  synchronized int repeatedDispatches() {
    return Math.max(0, dispatches - assignment.dispatches());
  }

  /** Null until it is accepted and answered. */
  synchronized Duration answeredAfter() {
    return isAccepted() && hasEnded() ? Duration.between(accepted, firstEnd) : null;
  }

  synchronized Instant firstEnd() {
    return firstEnd;
  }

  /** How long after the first response that told its end another one did. */
  synchronized Duration repeatedFor() {
    return hasEnded() ? Duration.between(firstEnd, lastEnd) : Duration.ZERO;
  }

  /** The whole history, a line for each event. */
  synchronized String history() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s of tenant %s, %s, must end %s%n"
            .formatted(
                assignment.requestId(),
                assignment.tenant(),
                assignment.contentType(),
                assignment.end().status()));
    events.forEach(
        event -> text.append("  %s %s%n".formatted(Times.ofDay(event.at()), event.what())));
    return text.toString();
  }
}
