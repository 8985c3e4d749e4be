package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.request.RequestKey;

/** What a manager process consumes while it is connected, and what of that is in hand. */
final class Consumption {

  private final History history;
  private final ManagerProcess process;

  /** By the lane that handles each; none while it is not connected. */
  private final Map<Lane, Inbox<?>> inboxes = new EnumMap<>(Lane.class);

  /** The same of what is being handled, which may come from a connection that is lost by now. */
  private final Map<Lane, Inbox<?>> handled = new EnumMap<>(Lane.class);

  private MessageQueue<Heartbeat> heartbeats;
  private int timesEnded;

  Consumption(History history, ManagerProcess process) {
    this.history = history;
    this.process = process;
  }

  void beginWithHeartbeats() {
    heartbeats = history.broker.openHeartbeats(process);
  }

  void goOnWithTheRest() {
    inboxes.put(Lane.REQUESTS, new SubmissionInbox(history, process));
    inboxes.put(Lane.REPLIES, AnswerInbox.ofReplies(history, process));
    inboxes.put(Lane.DEAD_LETTERS, AnswerInbox.ofDeadLetters(history, process));
  }

  /** Whether all is consumed. */
  boolean isOn() {
    return !inboxes.isEmpty();
  }

  boolean hasWork(Lane which) {
    return isOn()
        && (which == Lane.HEARTBEATS ? !heartbeats.isEmpty() : inboxes.get(which).hasWork());
  }

  List<Heartbeat> takeHeartbeats() {
    List<Heartbeat> beats = new ArrayList<>();
    while (!heartbeats.isEmpty()) {
      beats.add(heartbeats.deliver().body());
    }
    return beats;
  }

  void handle(Lane which) {
    handled.put(which, inboxes.get(which));
    handled.get(which).handle();
  }

  /** A transaction has been committed about these requests, in this lane. */
  void decided(Lane in, Collection<RequestKey> keys) {
    Inbox<?> inbox = handled.get(in);
    if (inbox != null) {
      inbox.decided(keys);
    }
  }

  /** What is in hand goes back. */
  void end() {
    timesEnded++;
    history.broker.closeHeartbeats(process);
    inboxes.values().forEach(Inbox::close);
    inboxes.clear();
  }

  int timesEnded() {
    return timesEnded;
  }
}
