package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A held request without its content: who asks for what, and how far it is. Its content, which may
 * be large, is loaded only where it is sent.
 *
 * @param source the owner: who asks
 * @param creationDate when it was taken
 * @param fingerprint of the message that brought it
 * @param history its last transitions, the latest last; at most {@link #MAX_HISTORY}
 */
public record Request(
    RequestKey key,
    String source,
    String session,
    String contentType,
    int priority,
    Instant creationDate,
    Fingerprint fingerprint,
    RequestState state,
    List<HistoryEntry> history) {

  /** How many transitions are kept. */
  public static final int MAX_HISTORY = 20;

  public Request {
    requireNonNull(key, "key");
    requireNonNull(source, "source");
    requireNonNull(session, "session");
    requireNonNull(contentType, "contentType");
    requireNonNull(creationDate, "creationDate");
    requireNonNull(fingerprint, "fingerprint");
    requireNonNull(state, "state");
    history = List.copyOf(history);
  }

  /** The same request in another state since this moment, for the reason that the state gives. */
  public Request in(RequestState newState, Instant at) {
    List<String> messages = newState.messages();
    return in(newState, at, messages.isEmpty() ? "" : messages.get(0));
  }

  /** The same for this reason. */
  public Request in(RequestState newState, Instant at, String why) {
    // nobody has to know of what is over before it is stored
    boolean passing = newState.status() == RequestStatus.TO_DISPATCH;
    return new Request(
        key,
        source,
        session,
        contentType,
        priority,
        creationDate,
        fingerprint,
        newState,
        passing ? history : remembering(HistoryEntry.of(at, newState, why)));
  }

  /** The same request as if it were in this state: for showing it, or saying what came of it. */
  public Request as(RequestState shown) {
    return new Request(
        key, source, session, contentType, priority, creationDate, fingerprint, shown, history);
  }

  private List<HistoryEntry> remembering(HistoryEntry entry) {
    return Stream.concat(
            history.stream().skip(Math.max(0, history.size() + 1 - MAX_HISTORY)), Stream.of(entry))
        .toList();
  }

  /** When it came into its present state. */
  public Instant since() {
    return history.isEmpty() ? creationDate : history.get(history.size() - 1).at();
  }

  /**
   * Whether it was sent to a worker just once, as far as is remembered: an answer is about that
   * dispatch then.
   */
  public boolean isSentOnce() {
    return history.size() < MAX_HISTORY
        && history.stream().filter(entry -> entry.status() == RequestStatus.DISPATCHED).count()
            == 1;
  }

  public RequestStatus status() {
    return state.status();
  }
}
