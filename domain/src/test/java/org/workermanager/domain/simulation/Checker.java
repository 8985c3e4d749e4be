package org.workermanager.domain.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Known;

/**
 * What must hold whatever happens. It sees everything: what is published, to and by whom; what is
 * stored; what is acknowledged; and knows which message is truly about what. What must hold is said
 * in words by the {@link Promise}s.
 */
final class Checker {

  private final Sightings sightings;
  private final Plan plan;

  /** By session, of which each submission has its own. */
  private final Map<String, Story> stories = new LinkedHashMap<>();

  /** The requests that are held, finished ones too until their keys are used again. */
  private final Map<RequestKey, Story> current = new HashMap<>();

  /** By process, the submissions it has in hand, and whether it must know each again. */
  private final Map<ManagerProcess, Map<String, Boolean>> inHand = new HashMap<>();

  private final Map<Fingerprint, Answered> answers = new HashMap<>();
  private final Map<Dispatch, Owed> dispatches = new HashMap<>();
  private final OpenBatches openBatches = new OpenBatches();
  private final Set<Dispatch> swallowed = new HashSet<>();

  Checker(Sightings sightings, Plan plan) {
    this.sightings = sightings;
    this.plan = plan;
  }

  // ---- What requesters, workers and the broker do ----

  void published(Submission submission) {
    Story story = stories.get(submission.session());
    if (story == null) {
      stories.put(submission.session(), new Story(submission));
    } else {
      story.copies++;
    }
  }

  void configured(String tenant) {
    current.forEach(
        (key, story) -> {
          if (key.tenant().equals(tenant)) {
            sightings.configured(story.state);
          }
        });
  }

  void answered(Fingerprint message, Answered answer) {
    answers.put(message, answer);
    sightings.said(answer);
  }

  /** A worker acknowledged this dispatch, and will never answer it. */
  void swallowed(Dispatch dispatch) {
    swallowed.add(dispatch);
  }

  // ---- What managers are handed, acknowledge and set aside ----

  /**
   * @param again how many of the first of them were deferred before
   */
  void handedIn(ManagerProcess by, List<Submission> delivered, int again) {
    sightings.handedIn(delivered);
    Map<String, Boolean> known = new HashMap<>();
    for (int i = 0; i < delivered.size(); i++) {
      Submission submission = delivered.get(i);
      Story story = story(submission);
      known.merge(
          submission.session(), submission.redelivered() && story.lives > 0, Boolean::logicalAnd);
      sightings.handedIn(story, submission.redelivered());
      story.handedIn += i < again ? 0 : 1;
      story.inHand++;
    }
    inHand.put(by, known);
  }

  /** The call with these is over, however it ended. */
  void returned(ManagerProcess by, List<Submission> delivered) {
    inHand.remove(by);
    delivered.forEach(submission -> story(submission).inHand--);
  }

  void handedIn(Fingerprint message) {
    Answered answer = answers.get(message);
    Story about = current.get(answer.key());
    sightings.handedIn(answer, about.state, openBatches.lane(about.batch));
  }

  void acknowledged(Submission submission) {
    Story story = story(submission);
    if (story.lives == 0 && story.skipped == 0 && !story.setAside) {
      throw new Violation(
          Promise.STORED_BEFORE_ACKNOWLEDGED, "acknowledged and not taken: " + story);
    }
  }

  /**
   * @param decided whether the store has since taken what came of it
   */
  void acknowledged(Fingerprint answer, boolean decided) {
    if (!decided) {
      throw new Violation(
          Promise.STORED_BEFORE_ACKNOWLEDGED,
          "acknowledged and nothing stored: " + answers.get(answer));
    }
  }

  void setAside(Submission submission) {
    story(submission).setAside = true;
  }

  void setAside(Fingerprint answer) {
    // a reply that nobody can keep leaves its request as it is
    swallowed.add(new Dispatch(answers.get(answer).key(), answers.get(answer).dispatch()));
  }

  private Story story(Submission submission) {
    return stories.get(submission.session());
  }

  // ---- What is decided and stored ----

  /** A transaction is about to store this. */
  void decided(ManagerProcess by, Request request) {
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
      openBatches.open(batch, by, lane);
    }
    sightings.committed(lane, changes);
    changes.inserted().forEach(held -> inserted(by, lane, batch, known, held));
    changes
        .updated()
        .forEach(change -> updated(by, lane, batch, known, change.request(), change.content()));
  }

  private void inserted(ManagerProcess by, Lane lane, UUID batch, Known known, HeldRequest held) {
    Request request = held.request();
    Story story = stories.get(request.session());
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
    Story former = current.put(request.key(), story);
    if (former != null && former != story) {
      sightings.idReused();
    }
    became(by, lane, story, batch, request.state(), held.content());
  }

  private void updated(
      ManagerProcess by, Lane lane, UUID batch, Known known, Request after, Content newContent) {
    Request before = known.held().get(after.key());
    if (before == null) {
      throw new Violation(
          Promise.TENANTS_APART, "changed without having been looked at: " + after.key());
    }
    Story story = current.get(after.key());
    if (!after.session().equals(story.submission.session())
        || !after.source().equals(story.submission.source())) {
      throw new Violation(Promise.TENANTS_APART, story + " turned into " + after);
    }
    if (!before.state().equals(story.state)) {
      throw new Violation(Promise.DECIDED_ALONE, "decided from " + before.state() + " on " + story);
    }
    requireLegal(after.key(), lane, before.state(), after.state());
    Fingerprint answer = Moves.answer(before.state(), after.state());
    if (answer != null && (lane == Lane.REPLIES || lane == Lane.DEAD_LETTERS)) {
      requireAnswerToIt(by, story, before.state(), answer);
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
      openBatches.add(batch, owed);
      if (owed.isDispatch()) {
        dispatches.put(new Dispatch(story.submission.key(), state.dispatch()), owed);
      }
    }
  }

  /** What a request has now that it had before: from the requester, or the worker before. */
  private Content contentOf(Story story, RequestState state) {
    return state.openedBy() == null
        ? story.submission.content()
        : answers.get(state.openedBy()).content();
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
        && dispatches.get(new Dispatch(key, before.dispatch())).refused;
  }

  private void requireAnswerToIt(
      ManagerProcess by, Story story, RequestState before, Fingerprint message) {
    Answered answer = answers.get(message);
    if (!answer.key().equals(story.submission.key())) {
      throw new Violation(Promise.TENANTS_APART, answer + " was taken as one to " + story);
    }
    Owed dispatched = dispatches.get(new Dispatch(answer.key(), before.dispatch()));
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

  /** All of the batch is published: so says the one who closes it. */
  void closed(UUID batch) {
    for (Owed owed : openBatches.close(batch)) {
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
    for (Owed owed : openBatches.takeOver(abandoned, instead, by, lane)) {
      if (!plan.hasFaults()) {
        throw new Violation(Promise.ONCE, "taken from one that is alive: " + owed.story);
      }
      owed.takenOver();
      if (abandoned.equals(owed.story.batch)) {
        owed.story.batch = instead;
      }
    }
  }

  // ---- What goes wrong ----

  /** A fault hit the process while it was doing something there, maybe with this batch. */
  void interrupted(ManagerProcess process, Lane lane, UUID batch) {
    openBatches.interrupt(process, lane);
    openBatches.interrupt(batch);
  }

  /** A fault hit the process in all that it was doing. */
  void interrupted(ManagerProcess process) {
    openBatches.interrupt(process);
  }

  void interruptedTelling(Response response) {
    stories.get(response.session()).owed().forEach(owed -> owed.interrupted = true);
  }

  void interruptedSending(HeldRequest dispatch) {
    dispatches.get(Dispatch.of(dispatch.request())).interrupted = true;
  }

  /** The process met trouble, and stopped what it was doing there. */
  void gaveUp(ManagerProcess process, Lane lane) {
    if (!plan.hasFaults()) {
      throw new Violation(Promise.NO_TROUBLE, process + " gave up in " + lane);
    }
    openBatches.interrupt(process, lane);
  }

  // ---- What is published ----

  /**
   * @param late whether its lease has run out since the process was sure that it may say this
   */
  void told(ManagerProcess by, boolean late, Response response) {
    Story story = stories.get(response.session());
    requireItsOwn(story, response.key(), response.source(), response.contentType());
    if (response.state() == ResponseState.SKIPPED) {
      skipped(by, story);
      return;
    }
    if (story.outOfOrder) {
      return;
    }
    if (story.hears(response)) {
      requirePossible(story, response);
    } else if (late && story.owed().stream().anyMatch(Owed::isTakenOver)) {
      sightings.outlived();
    } else {
      boolean repeated = story.owed().stream().anyMatch(owed -> owed.isToldBy(response));
      throw new Violation(
          repeated ? Promise.ONCE : Promise.TOLD_IN_ORDER,
          response.state() + " is told to " + story);
    }
  }

  private static void requirePossible(Story story, Response response) {
    if (!story.hearing.hears(response.state()) && story.copies == 1) {
      throw new Violation(Promise.POSSIBLE_ORDER, response.state() + " cannot come now: " + story);
    }
    if (response.state() == ResponseState.SUCCESS) {
      requireContent(story, story.last().content, response.content());
    }
  }

  private void skipped(ManagerProcess by, Story story) {
    story.skipped++;
    Boolean known = inHand.getOrDefault(by, Map.of()).get(story.submission.session());
    if (known == null || story.skipped + story.lives > story.handedIn) {
      throw new Violation(Promise.SKIPPED_FOR_A_REASON, "skipped once more: " + story);
    }
    if (known && story.copies == 1) {
      throw new Violation(Promise.ONE_REQUEST_PER_MESSAGE, "skipped, because it is held: " + story);
    }
  }

  /**
   * @param late as for a response
   */
  void sent(ManagerProcess by, boolean late, HeldRequest dispatch) {
    Request request = dispatch.request();
    Story story = stories.get(request.session());
    requireItsOwn(story, request.key(), request.source(), request.contentType());
    Owed owed = dispatches.get(Dispatch.of(request));
    if (owed == null || owed.story != story) {
      throw new Violation(Promise.TOLD_IN_ORDER, "a dispatch that was never stored: " + request);
    }
    requireContent(story, owed.content, dispatch.content());
    boolean granted = story.outOfOrder || story.hasHeard(owed);
    boolean oneTooMany = owed.timesSent > 0 && (!owed.interrupted || owed.closed);
    if (granted && !oneTooMany) {
      owed.timesSent++;
    } else if (late && owed.isTakenOver()) {
      sightings.outlived();
    } else {
      throw granted
          ? new Violation(Promise.ONCE, "sent once more: " + owed + " of " + story)
          : new Violation(Promise.GRANTED_FIRST, "sent before GRANTED was told: " + story);
    }
    sightings.sent(by, request.state().workerType());
  }

  void refused(HeldRequest dispatch) {
    dispatches.get(Dispatch.of(dispatch.request())).refused = true;
  }

  private static void requireItsOwn(
      Story story, RequestKey key, String source, String contentType) {
    Submission submission = story.submission;
    if (!key.equals(submission.key())
        || !Objects.equals(source, submission.source())
        || !Objects.equals(contentType, submission.contentType())) {
      throw new Violation(Promise.TENANTS_APART, key + " of " + source + " in " + story);
    }
  }

  private static void requireContent(Story story, Content expected, Content actual) {
    if (!actual.equals(expected)) {
      throw new Violation(
          Promise.CONTENT,
          "'%s' instead of '%s': %s".formatted(text(actual), text(expected), story));
    }
    String origin = text(story.submission.content());
    if (!text(actual).startsWith(origin) && !text(actual).equals("{}") && !story.confused) {
      throw new Violation(
          Promise.TENANTS_APART, "'%s' is not from %s".formatted(text(actual), story));
    }
  }

  static String text(Content content) {
    return new String(content.bytes(), UTF_8);
  }

  // ---- In the end ----

  boolean isSwallowed(Dispatch dispatch) {
    return swallowed.contains(dispatch);
  }

  void requireRest(History history) {
    for (Story story : stories.values()) {
      if (story.lives == 0 && story.skipped == 0 && !story.setAside) {
        throw new Violation(Promise.STORED_BEFORE_ACKNOWLEDGED, "lost: " + story);
      }
      if (!story.outOfOrder && !story.hasHeardAll()) {
        throw new Violation(Promise.TOLD_IN_ORDER, "not told all: " + story);
      }
    }
    current.forEach(
        (key, story) -> requireHeld(story, history.database.requests.find(key).isPresent()));
  }

  private static void requireHeld(Story story, boolean held) {
    if (held == story.state.finished()) {
      throw new Violation(
          Promise.STORED_BEFORE_ACKNOWLEDGED, (held ? "still held: " : "held no more: ") + story);
    }
  }

  int accepted() {
    return stories.values().stream().mapToInt(story -> story.lives).sum();
  }

  int finished() {
    return (int) stories.values().stream().filter(Story::hasSucceeded).count();
  }
}
