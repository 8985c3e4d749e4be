package org.workermanager.domain.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;

/** Checks what managers acknowledge, set aside and publish; and in the end, what they left out. */
final class MessageChecker {

  private final Facts facts;
  private final Sightings sightings;
  private final Plan plan;

  MessageChecker(Facts facts, Sightings sightings, Plan plan) {
    this.facts = facts;
    this.sightings = sightings;
    this.plan = plan;
  }

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
    facts.inHand.put(by, known);
  }

  /** The call with these is over, however it ended. */
  void returned(ManagerProcess by, List<Submission> delivered) {
    facts.inHand.remove(by);
    delivered.forEach(submission -> story(submission).inHand--);
  }

  void handedIn(Fingerprint message) {
    Answered answer = facts.answers.get(message);
    Story about = facts.current.get(answer.key());
    sightings.handedIn(answer, about.state, facts.openBatches.lane(about.batch));
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
          "acknowledged and nothing stored: " + facts.answers.get(answer));
    }
  }

  void setAside(Submission submission) {
    story(submission).setAside = true;
  }

  void setAside(Fingerprint answer) {
    // a reply that nobody can keep leaves its request as it is
    Answered said = facts.answers.get(answer);
    facts.swallowed(new Dispatch(said.key(), said.dispatch()));
  }

  private Story story(Submission submission) {
    return facts.stories.get(submission.session());
  }

  /** The process met trouble, and stopped what it was doing there. */
  void gaveUp(ManagerProcess process, Lane lane) {
    if (!plan.hasFaults()) {
      throw new Violation(Promise.NO_TROUBLE, process + " gave up in " + lane);
    }
    facts.openBatches.interrupt(process, lane);
  }

  /**
   * @param late whether its lease has run out since the process was sure that it may say this
   */
  void told(ManagerProcess by, boolean late, Response response) {
    Story story = facts.stories.get(response.session());
    requireItsOwn(story, response.key(), response.source(), response.contentType());
    if (response.state() == ResponseState.SKIPPED) {
      skipped(by, story, response.messages());
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

  private void skipped(ManagerProcess by, Story story, List<String> why) {
    story.skipped++;
    Boolean known = facts.inHand.getOrDefault(by, Map.of()).get(story.submission.session());
    if (known == null || story.skipped + story.lives > story.handedIn) {
      throw new Violation(Promise.SKIPPED_FOR_A_REASON, "skipped once more: " + story);
    }
    if (known && story.copies == 1) {
      throw new Violation(Promise.ONE_REQUEST_PER_MESSAGE, "skipped, because it is held: " + story);
    }
    if (why.equals(List.of("A request with this id is already held."))
        && !facts.holder(by, story.submission.key()).isTold()) {
      throw new Violation(
          Promise.SKIPPED_FOR_A_REASON, "skipped for one that is over or untold: " + story);
    }
  }

  /** What waited is sent together. */
  void sending(List<HeldRequest> dispatches) {
    for (int i = 1; i < dispatches.size(); i++) {
      if (dispatches.get(i).request().priority() > dispatches.get(i - 1).request().priority()) {
        throw new Violation(Promise.URGENT_FIRST, "sent later: " + dispatches.get(i).request());
      }
    }
  }

  /**
   * @param late as for a response
   */
  void sent(ManagerProcess by, boolean late, HeldRequest dispatch) {
    Request request = dispatch.request();
    Story story = facts.stories.get(request.session());
    requireItsOwn(story, request.key(), request.source(), request.contentType());
    Owed owed = facts.dispatches.get(Dispatch.of(request));
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
    facts.dispatches.get(Dispatch.of(dispatch.request())).refused = true;
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

  void requireRest(History history) {
    for (Story story : facts.stories.values()) {
      if (story.lives == 0 && story.skipped == 0 && !story.setAside) {
        throw new Violation(Promise.STORED_BEFORE_ACKNOWLEDGED, "lost: " + story);
      }
      if (!story.outOfOrder && !story.hasHeardAll()) {
        throw new Violation(Promise.TOLD_IN_ORDER, "not told all: " + story);
      }
    }
    facts.current.forEach(
        (key, story) -> requireHeld(story, history.database.requests.find(key).isPresent()));
  }

  private static void requireHeld(Story story, boolean held) {
    if (held == story.state.finished()) {
      throw new Violation(
          Promise.STORED_BEFORE_ACKNOWLEDGED, (held ? "still held: " : "held no more: ") + story);
    }
  }
}
