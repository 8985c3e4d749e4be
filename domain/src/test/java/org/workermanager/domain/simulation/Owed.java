package org.workermanager.domain.simulation;

import java.util.List;
import java.util.Objects;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;

/**
 * A state that was stored, of which a requester has to hear, and a worker where it is a dispatch.
 */
final class Owed {

  final Story story;
  final ManagerProcess by;
  final Lane lane;
  final ResponseState response;
  final RequestState state;

  /** What its worker gets, if it is dispatched. */
  final Content content;

  /** Whether it was to be published under a lease that has ended, and is under another one now. */
  private boolean takenOver;

  /** Whether all of it must be published by now. */
  boolean closed;

  /** Whether a fault hit while it was to be published: only then may that be repeated. */
  boolean interrupted;

  /** Whether the broker did not take the dispatch. */
  boolean refused;

  int timesSent;

  Owed(
      Story story,
      ManagerProcess by,
      Lane lane,
      ResponseState response,
      RequestState state,
      Content content) {
    this.story = story;
    this.by = by;
    this.lane = lane;
    this.response = response;
    this.state = state;
    this.content = content;
  }

  /** Whether this response says what this state is. */
  boolean isToldBy(Response told) {
    List<String> said = told.messages();
    List<String> ours = state.messages();
    return told.state() == response
        && Objects.equals(told.workerType(), state.workerType())
        && said.size() >= ours.size()
        && said.subList(said.size() - ours.size(), said.size()).equals(ours);
  }

  void takenOver() {
    takenOver = true;
    interrupted = true;
  }

  boolean isTakenOver() {
    return takenOver;
  }

  boolean isDispatch() {
    return response == ResponseState.GRANTED;
  }

  @Override
  public String toString() {
    return response + (isDispatch() ? " as " + state.dispatch() : "");
  }
}
