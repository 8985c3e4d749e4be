package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /**
   * What becomes of submissions: what is stored, the responses to those that are not, and those
   * that cannot be decided on yet.
   */
  private record Taken(Changes changes, List<Response> skipped, List<Integer> deferred) {}

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
   * @param inHand whether nobody else can have been given them
   * @param leftovers gains those that nobody can be answered about, and those that cannot be
   *     answered yet
   * @return the requests that are stored now
   */
  List<Request> take(
      List<Submission> submissions, BooleanSupplier inHand, List<Leftover> leftovers) {
    Map<String, Routing> routings = new HashMap<>();
    configurations
        .tenants()
        .forEach(t -> configurations.routing(t).ifPresent(routing -> routings.put(t, routing)));
    Map<Integer, Submission> sound = new LinkedHashMap<>();
    List<Response> skipped = new ArrayList<>();
    for (int i = 0; i < submissions.size(); i++) {
      Submission submission = submissions.get(i);
      SubmissionCheck check = SubmissionCheck.of(submission, routings);
      if (check instanceof SubmissionCheck.Refused refused) {
        leftovers.add(new Leftover.Refusal(i, refused.reason()));
      } else if (check instanceof SubmissionCheck.Skipped skip && !submission.redelivered()) {
        skipped.add(Response.skipped(submission, skip.reason()));
      } else {
        sound.put(i, submission);
      }
    }
    OpenBatches.requireInHand(inHand);
    Batch batch = batches.newBatch();
    Taken taken =
        sound.isEmpty()
            ? new Taken(Changes.NONE, List.of(), List.of())
            : store(batch, inHand, sound, routings);
    skipped.addAll(taken.skipped());
    batches.complete(batch, taken.changes(), skipped);
    skipped.forEach(monitor::skipped);
    taken.deferred().forEach(index -> leftovers.add(new Leftover.Deferral(index)));
    return taken.changes().requests().toList();
  }

  private Taken store(
      Batch batch,
      BooleanSupplier inHand,
      Map<Integer, Submission> submissions,
      Map<String, Routing> routings) {
    Set<RequestKey> keys = keys(submissions.values().stream());
    Set<RequestKey> redelivered =
        keys(submissions.values().stream().filter(Submission::redelivered));
    Instant at = now.get();
    return batches.store(
        batch,
        inHand,
        known -> decide(batch, submissions, routings, known, at),
        decision -> store.change(keys, redelivered, decision));
  }

  private static Set<RequestKey> keys(Stream<Submission> submissions) {
    return submissions.map(Submission::key).collect(Collectors.toSet());
  }

  private Decision.Made<Taken> decide(
      Batch batch,
      Map<Integer, Submission> submissions,
      Map<String, Routing> routings,
      Known known,
      Instant at) {
    Map<RequestKey, Request> held = new HashMap<>(known.held());
    List<HeldRequest> inserted = new ArrayList<>();
    List<Response> skipped = new ArrayList<>();
    List<Integer> deferred = new ArrayList<>();
    submissions.forEach(
        (index, submission) -> {
          Request other = held.get(submission.key());
          if (isRepeated(submission, other, known)) {
            return;
          }
          // the others have been checked; here what was taken before stays taken
          if (submission.redelivered()
              && SubmissionCheck.of(submission, routings) instanceof SubmissionCheck.Skipped skip) {
            skipped.add(Response.skipped(submission, skip.reason()));
          } else if (other == null) {
            LifeCycle lifeCycle =
                new LifeCycle(routings.get(submission.tenant()), availability, batch.id(), at);
            Request request = lifeCycle.submitted(submission);
            held.put(request.key(), request);
            inserted.add(new HeldRequest(request, submission.content()));
          } else if (other.state().finished() || batches.oweResponse(known, other)) {
            // it is there until its requester has been told how it ended; and what is said about
            // this one has to come after what is said about that one
            deferred.add(index);
          } else {
            skipped.add(Response.skipped(submission, "A request with this id is already held."));
          }
        });
    Changes changes = new Changes(inserted.isEmpty() ? null : batch, inserted, List.of());
    return new Decision.Made<>(changes, new Taken(changes, skipped, deferred));
  }

  /** The redelivered mark alone proves nothing: messages that were only prefetched carry it too. */
  private static boolean isRepeated(Submission submission, Request other, Known known) {
    return submission.redelivered()
        && (other != null && other.fingerprint().equals(submission.fingerprint())
            || known.hasFinished(submission.key(), submission.fingerprint()));
  }
}
