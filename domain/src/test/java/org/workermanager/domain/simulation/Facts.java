package org.workermanager.domain.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;

/**
 * What truly happened in a history so far, which nobody in it sees whole; the checkers judge by it.
 */
final class Facts {

  /** By session, of which each submission has its own. */
  final Map<String, Story> stories = new LinkedHashMap<>();

  /** The requests that are held, finished ones too until their keys are used again. */
  final Map<RequestKey, Story> current = new LinkedHashMap<>();

  /** By process, the submissions it has in hand, and whether it must know each again. */
  final Map<ManagerProcess, Map<String, Boolean>> inHand = new HashMap<>();

  final Map<Fingerprint, Answered> answers = new HashMap<>();
  final Map<Dispatch, Owed> dispatches = new HashMap<>();
  final OpenBatches openBatches = new OpenBatches();

  /** By process, what it saw holding the ids of submissions it has in hand. */
  private final Map<ManagerProcess, Map<RequestKey, Holder>> holders = new HashMap<>();

  /** How many messages there are of each answer that nothing was decided upon. */
  private final Map<Fingerprint, Integer> untaken = new HashMap<>();

  private final Set<Dispatch> swallowed = new HashSet<>();
  private final Sightings sightings;

  /**
   * What held an id when it was decided what becomes of a submission.
   *
   * @param last what its requester is to be told last; null for nothing
   */
  record Holder(Story story, boolean over, Owed last) {

    /** Whether it still lives, and nothing that came before that decision is untold. */
    boolean isTold() {
      return !over && (last == null || story.outOfOrder || story.hasHeard(last));
    }
  }

  Facts(Sightings sightings) {
    this.sightings = sightings;
  }

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
    sent(message);
    sightings.said(answer);
  }

  /** A message with this answer is published: the first one, or another. */
  void sent(Fingerprint answer) {
    untaken.merge(answer, 1, Integer::sum);
  }

  /** Returns whether there was a message left to take it from. */
  boolean take(Fingerprint answer) {
    return untaken.merge(answer, -1, Integer::sum) >= 0;
  }

  void holds(ManagerProcess seenBy, Story story) {
    holders
        .computeIfAbsent(seenBy, by -> new HashMap<>())
        .put(story.submission.key(), new Holder(story, story.state.finished(), story.last()));
  }

  Holder holder(ManagerProcess seenBy, RequestKey key) {
    return holders.get(seenBy).get(key);
  }

  /** A worker acknowledged this dispatch, and will never answer it. */
  void swallowed(Dispatch dispatch) {
    swallowed.add(dispatch);
  }

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

  boolean isSwallowed(Dispatch dispatch) {
    return swallowed.contains(dispatch);
  }

  int accepted() {
    return stories.values().stream().mapToInt(story -> story.lives).sum();
  }

  int finished() {
    return (int) stories.values().stream().filter(Story::hasSucceeded).count();
  }
}
