package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestStore;

/**
 * Takes submissions: checks them, stores what is new, dispatches what it can, and answers each
 * (PROTOCOL section 2).
 */
final class Intake {

  /** What becomes of submissions: what is stored, and the responses to those that are not. */
  private record Taken(Changes changes, List<Response> skipped) {}

  private final Configurations configurations;
  private final Availability availability;
  private final OpenBatches batches;
  private final RequestStore store;
  private final Monitor monitor;
  private final Supplier<Instant> now;

  Intake(
      Configurations configurations, Availability availability, OpenBatches batches, Ports ports) {
    this.configurations = configurations;
    this.availability = availability;
    this.batches = batches;
    this.store = ports.stores().requests();
    this.monitor = ports.monitor();
    this.now = ports::now;
  }

  /**
   * @param refusals gains those that nobody can be answered about
   * @return the requests that are stored now
   */
  List<Request> take(List<Submission> submissions, List<Refusal> refusals) {
    Map<String, Routing> routings = new HashMap<>();
    configurations
        .tenants()
        .forEach(t -> configurations.routing(t).ifPresent(routing -> routings.put(t, routing)));
    List<Submission> sound = new ArrayList<>();
    List<Response> skipped = new ArrayList<>();
    for (int i = 0; i < submissions.size(); i++) {
      Submission submission = submissions.get(i);
      SubmissionCheck check = SubmissionCheck.of(submission, routings);
      if (check instanceof SubmissionCheck.Refused refused) {
        refusals.add(new Refusal(i, refused.reason()));
      } else if (check instanceof SubmissionCheck.Skipped skip && !submission.redelivered()) {
        skipped.add(Response.skipped(submission, skip.reason()));
      } else {
        sound.add(submission);
      }
    }
    Batch batch = batches.newBatch();
    Taken taken =
        sound.isEmpty() ? new Taken(Changes.NONE, List.of()) : store(batch, sound, routings);
    skipped.addAll(taken.skipped());
    batches.complete(batch, taken.changes(), skipped);
    skipped.forEach(monitor::skipped);
    return taken.changes().requests().toList();
  }

  private Taken store(Batch batch, List<Submission> submissions, Map<String, Routing> routings) {
    Set<RequestKey> keys = submissions.stream().map(Submission::key).collect(Collectors.toSet());
    Set<RequestKey> redelivered =
        submissions.stream()
            .filter(Submission::redelivered)
            .map(Submission::key)
            .collect(Collectors.toSet());
    Instant at = now.get();
    return batches.store(
        batch,
        () ->
            store.change(
                keys, redelivered, known -> decide(batch, submissions, routings, known, at)));
  }

  private Decision.Made<Taken> decide(
      Batch batch,
      List<Submission> submissions,
      Map<String, Routing> routings,
      Known known,
      Instant at) {
    Map<RequestKey, Request> held = new HashMap<>(known.held());
    List<HeldRequest> inserted = new ArrayList<>();
    List<Response> skipped = new ArrayList<>();
    for (Submission submission : submissions) {
      Request other = held.get(submission.key());
      if (isRepeated(submission, other, known)) {
        continue;
      }
      // the others have been checked; here what was taken before stays taken
      if (submission.redelivered()
          && SubmissionCheck.of(submission, routings) instanceof SubmissionCheck.Skipped skip) {
        skipped.add(Response.skipped(submission, skip.reason()));
        continue;
      }
      if (other != null && !other.state().finished()) {
        skipped.add(Response.skipped(submission, "A request with this id is already held."));
        continue;
      }
      LifeCycle lifeCycle =
          new LifeCycle(routings.get(submission.tenant()), availability, batch.id(), at);
      Request request = lifeCycle.submitted(submission);
      held.put(request.key(), request);
      inserted.add(new HeldRequest(request, submission.content()));
    }
    Changes changes = new Changes(inserted.isEmpty() ? null : batch, inserted, List.of());
    return new Decision.Made<>(changes, new Taken(changes, skipped));
  }

  /** The redelivered mark alone proves nothing: messages that were only prefetched carry it too. */
  private static boolean isRepeated(Submission submission, Request other, Known known) {
    return submission.redelivered()
        && (other != null && other.fingerprint().equals(submission.fingerprint())
            || known.hasFinished(submission.key(), submission.fingerprint()));
  }
}
