package org.workermanager.domain.simulation;

import java.util.Collection;
import java.util.UUID;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.response.ResponseState;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Known;

/** Checks what managers decide and store. */
final class StoreChecker {

  private final Facts facts;
  private final Sightings sightings;
  private final Plan plan;

  StoreChecker(Facts facts, Sightings sightings, Plan plan) {
    this.facts = facts;
    this.sightings = sightings;
    this.plan = plan;
  }

  /** A transaction is about to store what is decided from what is known. */
  void decided(ManagerProcess by, Known known, Changes changes) {
    if (by.lane() == Lane.REQUESTS) {
      known.held().keySet().forEach(key -> facts.holds(by, facts.current.get(key)));
    }
    changes.requests().forEach(request -> requireWorkersAlive(by, request));
  }

  /** The requests that a transaction has claimed, of those that wait at these places. */
  void claimed(Collection<WaitingPlace> places, int limit, Collection<RequestKey> claimed) {
    int least =
        claimed.size() < limit
            ? Integer.MIN_VALUE
            : claimed.stream()
                .mapToInt(key -> facts.current.get(key).submission.priority())
                .min()
                .orElseThrow();
    facts.current.forEach(
        (key, story) -> {
          if (story.submission.priority() > least
              && story.state.status() == RequestStatus.NO_WORKER_AVAILABLE
              && facts.openBatches.lane(story.batch) == null
              && places.contains(place(story))
              && !claimed.contains(key)) {
            throw new Violation(Promise.URGENT_FIRST, "left waiting: " + story);
          }
        });
  }

  private static WaitingPlace place(Story story) {
    return new WaitingPlace(
        story.submission.tenant(), story.submission.contentType(), story.state.position().code());
  }

  private static void requireWorkersAlive(ManagerProcess by, Request request) {
    RequestState state = request.state();
    String type = state.workerType();
    if (state.status() == RequestStatus.DISPATCHED && !by.heardWorkers.mayLive(type)) {
      throw new Violation(Promise.WORKERS_ALIVE, "dispatched to a type that is silent: " + request);
    }
    boolean saysSilent =
        state.status() == RequestStatus.NO_WORKER_AVAILABLE
            && state.messages().get(0).equals("No worker '" + type + "' is alive.");
    if (saysSilent && by.heardWorkers.mustLive(type)) {
      throw new Violation(Promise.WORKERS_ALIVE, "waits for a type that is alive: " + request);
    }
  }

  void committed(ManagerProcess by, Lane lane, Known known, Changes changes) {
    UUID batch = changes.batch() == null ? null : changes.batch().id();
    if (batch != null) {
      facts.openBatches.open(batch, by, lane);
    }
    sightings.committed(lane, changes);
    changes.inserted().forEach(held -> inserted(by, lane, batch, known, held));
    changes
        .updated()
        .forEach(change -> updated(by, lane, batch, known, change.request(), change.content()));
  }

  private void inserted(ManagerProcess by, Lane lane, UUID batch, Known known, HeldRequest held) {
    Request request = held.request();
    Story story = facts.stories.get(request.session());
    Request before = known.held().get(request.key());
    if (before != null && !before.state().finished()) {
      throw new Violation(Promise.LIFE_CYCLE, request.key() + " was taken though it is held");
    }
    if (!request.key().equals(story.submission.key())
        || !held.content().equals(story.submission.content())) {
      throw new Violation(Promise.TENANTS_APART, story + " was stored as " + request);
    }
    story.lives++;
    if (story.lives > story.copies) {
      throw new Violation(Promise.ONE_REQUEST_PER_MESSAGE, "taken again: " + story);
    }
    Story former = facts.current.put(request.key(), story);
    if (former != null && former != story) {
      sightings.idReused();
    }
    became(by, lane, story, batch, request.state(), held.content());
    facts.holds(by, story);
  }

  private void updated(
      ManagerProcess by, Lane lane, UUID batch, Known known, Request after, Content newContent) {
    Request before = known.held().get(after.key());
    if (before == null) {
      throw new Violation(
          Promise.TENANTS_APART, "changed without having been looked at: " + after.key());
    }
    Story story = facts.current.get(after.key());
    if (!after.session().equals(story.submission.session())
        || !after.source().equals(story.submission.source())) {
      throw new Violation(Promise.TENANTS_APART, story + " turned into " + after);
    }
    if (!before.state().equals(story.state)) {
      throw new Violation(Promise.DECIDED_ALONE, "decided from " + before.state() + " on " + story);
    }
    requireLegal(after.key(), lane, before.state(), after.state());
    if (lane == Lane.REPLIES || lane == Lane.DEAD_LETTERS) {
      Fingerprint answer = Moves.answer(before.state(), after.state());
      if (answer != null) {
        requireAnswerToIt(by, story, before.state(), answer);
      }
    }
    became(by, lane, story, batch, after.state(), newContent);
  }

  private void became(
      ManagerProcess by,
      Lane lane,
      Story story,
      UUID batch,
      RequestState state,
      Content newContent) {
    sightings.became(lane, state);
    story.state = state;
    story.batch = batch == null ? story.batch : batch;
    ResponseState response = toTell(state);
    if (response != null) {
      if (batch == null) {
        throw new Violation(
            Promise.TOLD_IN_ORDER,
            state.status() + " is in no batch, so it is never told: " + story);
      }
      Content content = newContent != null ? newContent : contentOf(story, state);
      Owed owed = new Owed(story, by, lane, response, state, content);
      story.owe(owed);
      facts.openBatches.add(batch, owed);
      if (owed.isDispatch()) {
        facts.dispatches.put(new Dispatch(story.submission.key(), state.dispatch()), owed);
      }
    }
  }

  /** What a request has now that it had before: from the requester, or the worker before. */
  private Content contentOf(Story story, RequestState state) {
    return state.openedBy() == null
        ? story.submission.content()
        : facts.answers.get(state.openedBy()).content();
  }

  private ResponseState toTell(RequestState state) {
    return switch (state.status()) {
      case DISPATCHED -> ResponseState.GRANTED;
      case NO_WORKER_AVAILABLE -> ResponseState.DELAYED;
      case INVALID_CONTENT -> ResponseState.INVALID_CONTENT;
      case ERROR ->
          state.answeredBy().isDeadLetter() && !plan.deadLetterResponses()
              ? null
              : ResponseState.ERROR;
      case SUCCESS -> ResponseState.SUCCESS;
      case TO_DISPATCH, RUNNING, TO_DELETE -> null;
    };
  }

  private void requireLegal(RequestKey key, Lane lane, RequestState before, RequestState after) {
    boolean legal = Moves.isLegal(lane, before, after) || isRefusal(key, before, after);
    if (before.finished() || !legal) {
      throw new Violation(
          Promise.LIFE_CYCLE,
          lane + " took a request from " + before.status() + " to " + after.status());
    }
  }

  /** The broker did not take the dispatch: whoever published it has it wait. */
  private boolean isRefusal(RequestKey key, RequestState before, RequestState after) {
    return before.status().isSent()
        && after.status() == RequestStatus.NO_WORKER_AVAILABLE
        && after.dispatch() == null
        && facts.dispatches.get(new Dispatch(key, before.dispatch())).refused;
  }

  private void requireAnswerToIt(
      ManagerProcess by, Story story, RequestState before, Fingerprint message) {
    Answered answer = facts.answers.get(message);
    if (!answer.key().equals(story.submission.key())) {
      throw new Violation(Promise.TENANTS_APART, answer + " was taken as one to " + story);
    }
    Owed dispatched = facts.dispatches.get(new Dispatch(answer.key(), before.dispatch()));
    if (!facts.take(message) && answer.named()) {
      throw new Violation(Promise.ANSWERED_ONCE, answer + " was taken once more: " + story);
    }
    if (!answer.dispatch().equals(before.dispatch())) {
      if (answer.named()) {
        throw new Violation(Promise.CURRENT_DISPATCH, answer + " was taken as one to " + story);
      }
      story.confused = true;
      // taken for one to a dispatch that nobody has heard of yet: what is said is out of order then
      story.outOfOrder |= !dispatched.closed;
    }
    sightings.moved(by, answer, before, dispatched);
  }

  /** A batch was opened, at the moment at which that was decided. */
  void opened(UUID batch, Collection<UUID> abandoned) {
    if (abandoned.contains(batch)) {
      throw new Violation(Promise.LEASE, "opened when it had ended: " + batch);
    }
  }

  /** All of the batch is published: so says the one who closes it. */
  void closed(UUID batch) {
    for (Owed owed : facts.openBatches.close(batch)) {
      owed.closed = true;
      requireTold(owed);
      sightings.closed(owed);
    }
  }

  private static void requireTold(Owed owed) {
    if (owed.story.outOfOrder) {
      return;
    }
    if (!owed.story.hasHeard(owed)) {
      throw new Violation(Promise.TOLD_IN_ORDER, owed + " was never told: " + owed.story);
    }
    if (owed.isDispatch() && owed.timesSent == 0 && !owed.refused && !owed.story.confused) {
      throw new Violation(Promise.TOLD_IN_ORDER, owed + " was never sent: " + owed.story);
    }
  }

  /** Another batch takes the place of this one, which is taken for left by one that is dead. */
  void takenOver(ManagerProcess by, Lane lane, UUID abandoned, UUID instead) {
    for (Owed owed : facts.openBatches.takeOver(abandoned, instead, by, lane)) {
      if (!plan.hasFaults()) {
        throw new Violation(Promise.ONCE, "taken from one that is alive: " + owed.story);
      }
      owed.takenOver();
      if (abandoned.equals(owed.story.batch)) {
        owed.story.batch = instead;
      }
    }
  }
}
