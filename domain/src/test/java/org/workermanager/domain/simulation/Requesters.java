package org.workermanager.domain.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Submission;

/** Those who ask for work, well or badly. */
final class Requesters {

  private static final String UNSERVED = "nobody's";

  private final History history;
  private final List<Submission> published = new ArrayList<>();
  private int left;

  Requesters(History history) {
    this.history = history;
    left = history.plan.submissions();
  }

  boolean hasMore() {
    return left > 0;
  }

  void act() {
    left--;
    Submission submission =
        !published.isEmpty() && history.happens(Injection.REQUESTER_REPEATS_MESSAGE)
            ? history.dice.pick(published)
            : submission();
    history.trace.add(() -> "requester asks " + text(submission));
    published.add(submission);
    history.facts.published(submission);
    history.broker.requests.publish(submission);
  }

  private Submission submission() {
    Dice dice = history.dice;
    boolean errs = history.happens(Injection.REQUESTER_ERRS);
    boolean reuses = !published.isEmpty() && history.happens(Injection.REQUESTER_REUSES_ID);
    String tenant = "t" + dice.between(1, history.plan.tenants());
    String id = reuses ? dice.pick(published).requestId() : "r" + published.size();
    // each its own, by which it is known again
    String session = tenant + ".s" + published.size();
    String contentType = dice.pick(Setups.CONTENT_TYPES);
    if (errs) {
      if (dice.chance(0.5)) {
        tenant = UNSERVED;
      } else {
        contentType = null;
      }
    }
    if (history.happens(Injection.STORE_REFUSES_MESSAGE)) {
      session += FaultyRequestStore.REFUSED;
    }
    return new Submission(
        tenant,
        id,
        tenant + ".owner",
        session,
        contentType,
        dice.below(3),
        Content.of(session.getBytes(UTF_8)),
        history.newFingerprint(),
        false);
  }

  static String text(Submission submission) {
    return "%s for %s as %s/%s"
        .formatted(
            submission.session(),
            submission.contentType(),
            submission.tenant(),
            submission.requestId());
  }
}
