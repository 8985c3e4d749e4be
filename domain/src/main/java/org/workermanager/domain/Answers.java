package org.workermanager.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.workermanager.domain.lifecycle.LifeCycle;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestStore;

/**
 * Takes what comes back from workers, replies and dead letters, and moves the requests on (PROTOCOL
 * sections 5, 6).
 */
final class Answers {

  /** What one answer does to a request. */
  @FunctionalInterface
  interface Step<A> {
    Transition apply(LifeCycle lifeCycle, Request request, A answer);
  }

  /** What is stored, and which answers change nothing. */
  private record Taken(Changes changes, List<Ignored> ignored) {}

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
   * @return the requests that were moved
   */
  <A> List<Request> take(List<A> answers, Function<A, RequestKey> key, Step<A> step) {
    Map<RequestKey, List<A>> byKey = new LinkedHashMap<>();
    for (A answer : answers) {
      RequestKey about = key.apply(answer);
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
            () ->
                store.change(
                    byKey.keySet(), List.of(), known -> decide(batch, byKey, step, known.held())));
    batches.complete(batch, taken.changes(), List.of());
    taken.ignored().forEach(ignored -> monitor.ignored(ignored.key(), ignored.reason()));
    return taken.changes().requests().toList();
  }

  private <A> Decision.Made<Taken> decide(
      Batch batch, Map<RequestKey, List<A>> answers, Step<A> step, Map<RequestKey, Request> held) {
    Instant at = now.get();
    List<Change> changes = new ArrayList<>();
    List<Ignored> ignored = new ArrayList<>();
    answers.forEach(
        (key, about) -> {
          Request before = held.get(key);
          Change change = before == null ? null : new Change(before, null);
          for (A answer : about) {
            Transition transition =
                change == null
                    ? new Transition.Ignored(Transition.Reason.NOT_HELD)
                    : apply(step, lifeCycle(key, batch, at), before, change.request(), answer);
            if (transition instanceof Transition.Moved moved) {
              Content content = moved.content() == null ? change.content() : moved.content();
              change = new Change(moved.request(), content);
            } else if (transition instanceof Transition.Ignored nothing) {
              ignored.add(new Ignored(key, nothing.reason()));
            }
          }
          if (change != null && change.request() != before) {
            changes.add(change);
          }
        });
    // that a worker has begun is nobody's news: there is nothing to publish
    boolean silent = changes.stream().noneMatch(Change::joinsBatch);
    Changes all = new Changes(silent ? null : batch, List.of(), changes);
    return new Decision.Made<>(all, new Taken(all, ignored));
  }

  /**
   * An answer cannot be about a dispatch that an answer before it, in the same batch, has only just
   * decided.
   */
  private static <A> Transition apply(
      Step<A> step, LifeCycle lifeCycle, Request before, Request now, A answer) {
    boolean steppedOn = !Objects.equals(before.state().openedBy(), now.state().openedBy());
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
