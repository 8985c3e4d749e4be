package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestStore;

/**
 * Takes what comes back from workers, replies and dead letters, and moves the requests on (PROTOCOL
 * sections 5, 6).
 */
final class Answers {

  /** A kind of answer. */
  record Kind<A>(Function<A, RequestKey> key, Function<A, String> dispatch, Step<A> step) {}

  /** What one answer does to a request. */
  @FunctionalInterface
  interface Step<A> {
    Transition apply(LifeCycle lifeCycle, Request request, A answer);
  }

  static final Kind<Reply> REPLIES = new Kind<>(Reply::key, Reply::dispatch, LifeCycle::replied);

  static final Kind<DeadLetter> DEAD_LETTERS =
      new Kind<>(DeadLetter::key, DeadLetter::dispatch, LifeCycle::deadLettered);

  /** What is stored, which answers change nothing, and about what nothing can be decided yet. */
  private record Taken(Changes changes, List<Ignored> ignored, Set<RequestKey> deferred) {}

  private record Ignored(RequestKey key, Transition.Reason reason) {}

  private final Configurations configurations;
  private final Availability availability;
  private final OpenBatches batches;
  private final RequestStore store;
  private final Monitor monitor;
  private final Supplier<Instant> now;

  Answers(
      Configurations configurations, Availability availability, OpenBatches batches, Ports ports) {
    this.configurations = configurations;
    this.availability = availability;
    this.batches = batches;
    this.store = ports.stores().requests();
    this.monitor = ports.monitor();
    this.now = ports::now;
  }

  /**
   * Takes answers, those for one request in order.
   *
   * @param inHand whether nobody else can have been given them
   * @param leftovers gains those that cannot be taken yet
   * @return the requests that were moved
   */
  <A> List<Request> take(
      List<A> answers, Kind<A> kind, BooleanSupplier inHand, List<Leftover> leftovers) {
    Map<RequestKey, List<A>> byKey = new LinkedHashMap<>();
    for (A answer : answers) {
      RequestKey about = kind.key().apply(answer);
      if (ProtocolText.fault(about.tenant()) == null
          && ProtocolText.fault(about.requestId()) == null) {
        byKey.computeIfAbsent(about, k -> new ArrayList<>()).add(answer);
      } else {
        monitor.ignored(about, Transition.Reason.NOT_HELD);
      }
    }
    if (byKey.isEmpty()) {
      return List.of();
    }
    Batch batch = batches.newBatch();
    Taken taken =
        batches.store(
            batch,
            inHand,
            known -> decide(batch, byKey, kind, known),
            decision -> store.change(byKey.keySet(), List.of(), decision));
    batches.complete(batch, taken.changes(), List.of());
    taken.ignored().forEach(ignored -> monitor.ignored(ignored.key(), ignored.reason()));
    for (int i = 0; i < answers.size(); i++) {
      if (taken.deferred().contains(kind.key().apply(answers.get(i)))) {
        leftovers.add(new Leftover.Deferral(i));
      }
    }
    return taken.changes().requests().toList();
  }

  private <A> Decision.Made<Taken> decide(
      Batch batch, Map<RequestKey, List<A>> answers, Kind<A> kind, Known known) {
    Instant at = now.get();
    List<Change> changes = new ArrayList<>();
    List<Ignored> ignored = new ArrayList<>();
    Set<RequestKey> deferred = new HashSet<>();
    answers.forEach(
        (key, about) -> {
          Request before = known.held().get(key);
          Change change = before == null ? null : new Change(before, null);
          List<Ignored> ignoredHere = new ArrayList<>();
          for (A answer : about) {
            Transition transition =
                change == null
                    ? new Transition.Ignored(Transition.Reason.NOT_HELD)
                    : apply(
                        kind.step(), lifeCycle(key, batch, at), before, change.request(), answer);
            if (transition instanceof Transition.Moved moved) {
              Content content = moved.content() == null ? change.content() : moved.content();
              change = new Change(moved.request(), content);
            } else if (transition instanceof Transition.Ignored nothing) {
              ignoredHere.add(new Ignored(key, nothing.reason()));
            }
          }
          boolean moved = change != null && change.request() != before;
          if (moved && change.joinsBatch() && hasToWait(known, before, about, kind)) {
            deferred.add(key);
            return;
          }
          ignored.addAll(ignoredHere);
          if (moved) {
            changes.add(change);
          }
        });
    // that a worker has begun is nobody's news: there is nothing to publish
    boolean silent = changes.stream().noneMatch(Change::joinsBatch);
    Changes all = new Changes(silent ? null : batch, List.of(), changes);
    return new Decision.Made<>(all, new Taken(all, ignored, deferred));
  }

  /**
   * Whether there may be something to be said first about what the request has come to before. Not
   * when it was sent: that was said before the dispatch was published which is answered here.
   */
  private <A> boolean hasToWait(Known known, Request before, List<A> about, Kind<A> kind) {
    UUID dispatch = before.state().dispatch();
    boolean answersTheDispatch =
        before.status().isSent()
            && dispatch.equals(known.batch(before.key()))
            && (before.isSentOnce()
                || about.stream().map(kind.dispatch()).allMatch(dispatch.toString()::equals));
    return !answersTheDispatch && batches.oweResponse(known, before);
  }

  /**
   * An answer cannot be about a dispatch that an answer before it, in the same batch, has only just
   * decided.
   */
  private static <A> Transition apply(
      Step<A> step, LifeCycle lifeCycle, Request before, Request now, A answer) {
    boolean steppedOn = !Objects.equals(before.state().dispatch(), now.state().dispatch());
    return steppedOn
        ? new Transition.Ignored(Transition.Reason.LATE)
        : step.apply(lifeCycle, now, answer);
  }

  /**
   * A tenant that is served no more has nothing configured, but its requests are still answered.
   */
  private LifeCycle lifeCycle(RequestKey key, Batch batch, Instant at) {
    Routing routing = configurations.routing(key.tenant()).orElse(Routing.NOTHING);
    return new LifeCycle(routing, availability, batch.id(), at);
  }
}
