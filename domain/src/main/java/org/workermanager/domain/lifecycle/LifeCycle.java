package org.workermanager.domain.lifecycle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Answer;
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
 * @param now when it is decided, to the microsecond: stores keep it no finer
 */
public record LifeCycle(Routing routing, Workers workers, UUID dispatch, Instant now) {

  public LifeCycle {
    requireNonNull(routing, "routing");
    requireNonNull(workers, "workers");
    requireNonNull(dispatch, "dispatch");
    requireNonNull(now, "now");
  }

  /** A checked submission becomes a request, dispatched or waiting. */
  public Request submitted(Submission submission) {
    Request request =
        new Request(
            submission.key(),
            submission.source(),
            submission.session(),
            submission.contentType(),
            submission.priority(),
            now,
            submission.fingerprint(),
            RequestState.NEW,
            List.of());
    return follow(request, routing.from(request.contentType(), Position.START));
  }

  /**
   * A waiting request is looked at again: it is dispatched, or waits for what it now has to wait
   * for.
   */
  public Request resumed(Request waiting) {
    return follow(waiting, routing.from(waiting.contentType(), waiting.state().position()));
  }

  /**
   * An operator retries a request: it goes to where it stands once more, or waits for that. In a
   * workflow that is the step that failed.
   */
  public Request retried(Request request) {
    Request resumed = resumed(request);
    return request.in(resumed.state(), now, retryOf(request, resumed));
  }

  private static String retryOf(Request before, Request after) {
    String retried = "An operator retried it from " + before.status() + ".";
    List<String> messages = after.state().messages();
    return messages.isEmpty() ? retried : retried + " " + messages.get(0);
  }

  /** An operator deletes a request. */
  public Request deleted(Request request) {
    return request.in(request.state().deleted(), now);
  }

  /**
   * A request was dispatched for too long, and nobody is left to answer it: it waits. An answer may
   * still come.
   */
  public Transition abandoned(Request request, String reason) {
    RequestState state = request.state();
    return state.status().isSent()
        ? moved(request.in(state.waiting(state.position(), state.workerType(), reason), now))
        : new Transition.Ignored(Transition.Reason.NOT_EXPECTED);
  }

  /** The broker refused the dispatch: the request waits. */
  public static Transition refused(
      Request request, UUID refusedDispatch, String reason, Instant now) {
    RequestState state = request.state();
    return state.status().isSent() && refusedDispatch.equals(state.dispatch())
        ? moved(request.in(state.refused(reason), now))
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
              ? moved(request.in(state.running(), now))
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
    return moved(
        failed(
            request,
            RequestStatus.ERROR,
            List.of(letter.reason()),
            new Answer(letter.fingerprint(), true)));
  }

  private static Optional<Transition.Reason> ignored(
      RequestState state, String namedDispatch, Fingerprint fingerprint, boolean redelivered) {
    if (state.finished()) {
      return Optional.of(Transition.Reason.NOT_HELD);
    }
    if (redelivered && (fingerprint.equals(state.openedBy()) || isAnsweredBy(state, fingerprint))) {
      return Optional.of(Transition.Reason.REPEATED);
    }
    // what no worker was sent at this step cannot be answered: that is about an earlier step
    boolean sent = state.dispatch() != null;
    boolean current =
        sent && (namedDispatch == null || namedDispatch.equals(state.dispatch().toString()));
    return current ? Optional.empty() : Optional.of(Transition.Reason.LATE);
  }

  /**
   * Not once it was sent again, for the same error may be the answer to that: to say it twice is
   * better than to wait for ever.
   */
  private static boolean isAnsweredBy(RequestState state, Fingerprint fingerprint) {
    return !state.status().isSent()
        && state.answeredBy() != null
        && state.answeredBy().includes(fingerprint);
  }

  private static Answer answer(Reply reply) {
    return new Answer(reply.fingerprint(), false);
  }

  private Transition failed(Request request, Reply reply) {
    RequestStatus status =
        reply.status() == ReplyStatus.ERROR ? RequestStatus.ERROR : RequestStatus.INVALID_CONTENT;
    return moved(failed(request, status, reply.messages(), answer(reply)));
  }

  private Request failed(Request request, RequestStatus status, List<String> messages, Answer by) {
    boolean finished = !routing.keepsErrors(request.contentType());
    return request.in(request.state().answered(status, messages, by, finished), now);
  }

  private Transition succeeded(Request request, Reply reply) {
    RequestState state = request.state();
    Route next = routing.next(request.contentType(), state.position());
    if (next instanceof Route.Complete) {
      Content result = reply.content() == null ? Content.EMPTY_OBJECT : reply.content();
      RequestState success =
          state.answered(RequestStatus.SUCCESS, reply.messages(), answer(reply), true);
      return new Transition.Moved(request.in(success, now), result);
    }
    if (reply.content() == null) {
      return moved(
          failed(
              request,
              RequestStatus.ERROR,
              List.of("It succeeded without content, so a next step has nothing to work on."),
              answer(reply)));
    }
    Request between =
        request.in(state.steppedOn(reply.additionalHeaders(), reply.fingerprint()), now);
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
    return request.in(after, now);
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
