package org.workermanager.domain.lifecycle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.Route;
import org.workermanager.domain.routing.Routing;

/**
 * The life of a request: every transition is one function from a request and an event to what
 * becomes of it (PROTOCOL sections 5, 6 and 8).
 *
 * <p>A reply is taken in every state, kept errors included, once the request was sent to a worker
 * at the step where it stands. Before that it can only be about an earlier step: a worker that
 * crashed after replying had another one do that step again. Workers that echo the dispatch are
 * told apart exactly; of those that do not, a repeat that comes when the next step has been sent,
 * and that the broker does not mark as redelivered, is taken for that step's.
 *
 * @param routing of the request's tenant
 * @param dispatch names the dispatches decided here. The id of the batch that decides them serves:
 *     no request is dispatched twice in one batch
 */
public record LifeCycle(Routing routing, Workers workers, UUID dispatch) {

  public LifeCycle {
    requireNonNull(routing, "routing");
    requireNonNull(workers, "workers");
    requireNonNull(dispatch, "dispatch");
  }

  /** A checked submission becomes a request, dispatched or waiting. */
  public Request submitted(Submission submission, Instant now) {
    Request request =
        new Request(
            submission.key(),
            submission.source(),
            submission.session(),
            submission.contentType(),
            submission.priority(),
            now,
            submission.fingerprint(),
            RequestState.NEW);
    return follow(request, routing.from(request.contentType(), Position.START));
  }

  /**
   * A waiting request is looked at again: it is dispatched, or waits for what it now has to wait
   * for.
   */
  public Request resumed(Request waiting) {
    return follow(waiting, routing.from(waiting.contentType(), waiting.state().position()));
  }

  /** The broker refused the dispatch: the request waits. */
  public static Transition refused(Request request, UUID refusedDispatch, String reason) {
    RequestState state = request.state();
    boolean sent =
        state.status() == RequestStatus.DISPATCHED || state.status() == RequestStatus.RUNNING;
    return sent && refusedDispatch.equals(state.dispatch())
        ? moved(request.in(state.refused(reason)))
        : new Transition.Ignored(Transition.Reason.LATE);
  }

  /** A worker replied. */
  public Transition replied(Request request, Reply reply) {
    RequestState state = request.state();
    Optional<Transition.Reason> ignore =
        ignored(state, reply.dispatch(), reply.fingerprint(), reply.redelivered());
    if (ignore.isPresent()) {
      return new Transition.Ignored(ignore.get());
    }
    return switch (reply.status()) {
      case RUNNING ->
          state.status() == RequestStatus.DISPATCHED
              ? moved(request.in(state.running()))
              : new Transition.Ignored(Transition.Reason.NOT_EXPECTED);
      case INVALID_CONTENT, ERROR -> failed(request, reply);
      case SUCCESS -> succeeded(request, reply);
    };
  }

  /** A dispatched request came back as a dead letter. */
  public Transition deadLettered(Request request, DeadLetter letter) {
    RequestState state = request.state();
    Optional<Transition.Reason> ignore =
        ignored(state, letter.dispatch(), letter.fingerprint(), letter.redelivered());
    if (ignore.isPresent()) {
      return new Transition.Ignored(ignore.get());
    }
    if (state.status() == RequestStatus.TO_DELETE) {
      return new Transition.Ignored(Transition.Reason.NOT_EXPECTED);
    }
    return moved(
        failed(request, RequestStatus.ERROR, List.of(letter.reason()), letter.fingerprint()));
  }

  private static Optional<Transition.Reason> ignored(
      RequestState state, String namedDispatch, Fingerprint fingerprint, boolean redelivered) {
    if (state.finished()) {
      return Optional.of(Transition.Reason.NOT_HELD);
    }
    if (redelivered
        && (fingerprint.equals(state.openedBy()) || fingerprint.equals(state.answeredBy()))) {
      return Optional.of(Transition.Reason.REPEATED);
    }
    // what no worker was sent at this step cannot be answered: that is about an earlier step
    boolean sent = state.dispatch() != null;
    boolean current =
        sent && (namedDispatch == null || namedDispatch.equals(state.dispatch().toString()));
    return current ? Optional.empty() : Optional.of(Transition.Reason.LATE);
  }

  private Transition failed(Request request, Reply reply) {
    RequestStatus status =
        reply.status() == ReplyStatus.ERROR ? RequestStatus.ERROR : RequestStatus.INVALID_CONTENT;
    return moved(failed(request, status, reply.messages(), reply.fingerprint()));
  }

  private Request failed(
      Request request, RequestStatus status, List<String> messages, Fingerprint by) {
    boolean finished = !routing.keepsErrors(request.contentType());
    return request.in(request.state().answered(status, messages, by, finished));
  }

  private Transition succeeded(Request request, Reply reply) {
    RequestState state = request.state();
    Route next = routing.next(request.contentType(), state.position());
    if (next instanceof Route.Complete) {
      Content result = reply.content() == null ? Content.EMPTY_OBJECT : reply.content();
      RequestState success =
          state.answered(RequestStatus.SUCCESS, reply.messages(), reply.fingerprint(), true);
      return new Transition.Moved(request.in(success), result);
    }
    if (reply.content() == null) {
      return moved(
          failed(
              request,
              RequestStatus.ERROR,
              List.of(
                  "It succeeded without content, so the workflow's next step has nothing to work on."),
              reply.fingerprint()));
    }
    Request between = request.in(state.steppedOn(reply.additionalHeaders(), reply.fingerprint()));
    return new Transition.Moved(follow(between, next), reply.content());
  }

  private Request follow(Request request, Route route) {
    RequestState state = request.state();
    RequestState after;
    if (route instanceof Route.ToWorker to) {
      Optional<String> whyNot = workers.whyNot(to.workerType());
      // at the start it waits for whatever its content type leads to when its time comes
      Position waitsAt =
          state.position().kind() == Position.Kind.START ? Position.START : to.position();
      after =
          whyNot.isPresent()
              ? state.waiting(waitsAt, to.workerType(), whyNot.get())
              : state.dispatched(to.position(), to.workerType(), dispatch);
    } else if (route instanceof Route.Unroutable nowhere) {
      after = state.waiting(afterDone(state), null, nowhere.reason());
    } else if (route instanceof Route.Complete) {
      after = state.answered(RequestStatus.SUCCESS, List.of(), null, true);
    } else {
      after =
          state.waiting(
              state.position(),
              null,
              "Content type '" + request.contentType() + "' is configured to be skipped.");
    }
    return request.in(after);
  }

  /** A step that is done, in a workflow that is not configured: the next one is not known yet. */
  private static Position afterDone(RequestState state) {
    boolean stepDone =
        state.status() == RequestStatus.TO_DISPATCH
            && state.position().kind() == Position.Kind.AT_STEP;
    return stepDone ? Position.after(state.position().step()) : state.position();
  }

  private static Transition moved(Request request) {
    return new Transition.Moved(request, null);
  }
}
