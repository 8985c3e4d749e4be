package org.workermanager.domain.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.domain.lifecycle.Lives.ANSWER;
import static org.workermanager.domain.lifecycle.Lives.CURRENT;
import static org.workermanager.domain.lifecycle.Lives.NEW;
import static org.workermanager.domain.lifecycle.Lives.NOW;
import static org.workermanager.domain.lifecycle.Lives.RESULT;
import static org.workermanager.domain.lifecycle.Lives.SUBMISSION;
import static org.workermanager.domain.lifecycle.Lives.UNKNOWN;
import static org.workermanager.domain.lifecycle.Lives.alive;
import static org.workermanager.domain.lifecycle.Lives.configuration;
import static org.workermanager.domain.lifecycle.Lives.lifeCycle;
import static org.workermanager.domain.lifecycle.Lives.reply;
import static org.workermanager.domain.lifecycle.Lives.request;
import static org.workermanager.domain.lifecycle.Lives.submission;
import static org.workermanager.domain.lifecycle.Lives.worker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.lifecycle.Lives.Message;
import org.workermanager.domain.lifecycle.Lives.Place;
import org.workermanager.domain.lifecycle.Lives.State;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.request.Answer;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HistoryEntry;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/** What the tables do not say: contents, positions, and what is remembered. */
class LifeCycleTest {

  @Test
  void aSubmissionIsNeverLeftToBeDispatched() {
    Submission submission = submission("flow");
    Request sent = lifeCycle(alive()).submitted(submission);
    assertEquals(RequestStatus.DISPATCHED, sent.status());
    assertEquals(Place.FIRST.position, sent.state().position(), "the lowest number");
    assertEquals(NOW, sent.creationDate());
    assertEquals(SUBMISSION, sent.fingerprint());
    Request waiting = lifeCycle(type -> Optional.of("silent")).submitted(submission);
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, waiting.status());
    assertEquals(Position.START, waiting.state().position(), "whatever comes first by then");
    assertEquals("A", waiting.state().workerType());
    assertNull(waiting.state().dispatch());
    for (String nowhere : List.of("unknown", "skip")) {
      Request unroutable = lifeCycle(alive()).submitted(submission(nowhere));
      assertEquals(RequestStatus.NO_WORKER_AVAILABLE, unroutable.status());
      assertNull(unroutable.state().workerType());
      assertTrue(unroutable.state().messages().get(0).contains(nowhere));
    }
  }

  @Test
  void whatWaitsAtTheStartFollowsItsContentTypeWhereverThatLeadsNow() {
    Request waiting = lifeCycle(type -> Optional.of("silent")).submitted(submission("a"));
    Routing asWorkflow =
        new Routing(
            configuration(
                List.of(worker("B", "b", true)),
                List.of(new WorkflowConfiguration("a", List.of(new WorkflowStep(4, "B")), true)),
                List.of()));
    RequestState state = new LifeCycle(asWorkflow, alive(), NEW, NOW).resumed(waiting).state();
    assertEquals(Position.at(4), state.position());
    assertEquals("B", state.dispatchedWorkerType());
  }

  @Test
  void aStepDoneWaitsForTheNextOneAndKeepsWhatItIsToldAndGiven() {
    LifeCycle silentNext =
        lifeCycle(type -> type.equals("B") ? Optional.of("silent") : Optional.empty());
    Transition.Moved moved =
        assertInstanceOf(
            Transition.Moved.class,
            silentNext.replied(
                request(State.DISPATCHED, Place.FIRST),
                reply(Message.SUCCESS, null, UNKNOWN, false)));
    RequestState state = moved.request().state();
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, state.status());
    assertEquals(Place.MIDDLE.position, state.position());
    assertEquals("B", state.workerType());
    assertEquals("A", state.dispatchedWorkerType());
    assertNull(state.dispatch(), "so that a second answer cannot pass for that step's");
    assertEquals(Map.of("new", "header"), state.additionalHeaders());
    assertEquals(UNKNOWN, state.openedBy());
    assertEquals(RESULT, moved.content());
  }

  @Test
  void aSuccessGivesItsContentOrAnEmptyObjectAndAnErrorGivesNone() {
    for (Place place : List.of(Place.SINGLE, Place.LAST)) {
      assertEquals(RESULT, content(place, Message.SUCCESS));
      assertEquals(Content.EMPTY_OBJECT, content(place, Message.SUCCESS_EMPTY));
    }
    for (Message message : List.of(Message.INVALID, Message.ERROR, Message.BEGUN)) {
      assertNull(content(Place.SINGLE, message), "it keeps the one it has");
    }
    assertNull(content(Place.FIRST, Message.SUCCESS_EMPTY));
  }

  private static Content content(Place place, Message message) {
    Transition transition =
        lifeCycle(alive())
            .replied(request(State.DISPATCHED, place), reply(message, null, UNKNOWN, false));
    return assertInstanceOf(Transition.Moved.class, transition).content();
  }

  @Test
  void anErrorRemembersWhatItWasAnsweredBy() {
    Request before = request(State.RUNNING, Place.MIDDLE);
    RequestState replied =
        assertInstanceOf(
                Transition.Moved.class,
                lifeCycle(alive()).replied(before, reply(Message.ERROR, null, UNKNOWN, false)))
            .request()
            .state();
    assertEquals(new Answer(UNKNOWN, false), replied.answeredBy());
    assertEquals(List.of("said", "more"), replied.messages());
    assertEquals(before.state().additionalHeaders(), replied.additionalHeaders());
    RequestState lettered =
        assertInstanceOf(
                Transition.Moved.class,
                lifeCycle(alive())
                    .deadLettered(
                        before, new DeadLetter(before.key(), "trace", null, UNKNOWN, false)))
            .request()
            .state();
    assertEquals("B", lettered.workerType());
    assertEquals(new Answer(UNKNOWN, true), lettered.answeredBy());
    assertEquals(List.of("trace"), lettered.messages());
  }

  @Test
  void anErrorThatIsDeliveredAgainIsRecognisedAfterAnotherOne() {
    Request first = failed(request(State.DISPATCHED, Place.SINGLE), ANSWER);
    Request second = failed(first, UNKNOWN);
    assertEquals(new Answer(UNKNOWN, false, List.of(ANSWER)), second.state().answeredBy());
    for (Fingerprint either : List.of(ANSWER, UNKNOWN)) {
      assertEquals(
          new Transition.Ignored(Transition.Reason.REPEATED),
          lifeCycle(alive()).replied(second, reply(Message.ERROR, null, either, true)));
    }
    Request third = failed(second, ANSWER);
    assertEquals(new Answer(ANSWER, false, List.of(UNKNOWN)), third.state().answeredBy());
  }

  @Test
  void theLastAnswersAreKept() {
    Answer answer = new Answer(answer(0), false);
    for (int i = 1; i <= Answer.EARLIER_KEPT + 1; i++) {
      answer = new Answer(answer(i), false).after(answer);
    }
    assertFalse(answer.includes(answer(0)));
    for (int i = 1; i <= Answer.EARLIER_KEPT + 1; i++) {
      assertTrue(answer.includes(answer(i)));
    }
  }

  private static Fingerprint answer(int number) {
    byte[] bytes = new byte[Fingerprint.BYTES];
    bytes[0] = (byte) number;
    return Fingerprint.of(bytes);
  }

  private static Request failed(Request before, Fingerprint by) {
    return assertInstanceOf(
            Transition.Moved.class,
            lifeCycle(alive()).replied(before, reply(Message.ERROR, null, by, false)))
        .request();
  }

  @Test
  void aStepWhoseWorkflowIsGoneWaitsBehindItAndFindsTheNextOneWhenItIsBack() {
    LifeCycle gone = new LifeCycle(Routing.NOTHING, alive(), NEW, NOW);
    Request done =
        assertInstanceOf(
                Transition.Moved.class,
                gone.replied(
                    request(State.DISPATCHED, Place.FIRST),
                    reply(Message.SUCCESS, null, UNKNOWN, false)))
            .request();
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, done.status());
    assertEquals(Position.after(0), done.state().position());
    assertEquals(Position.after(0), gone.retried(done).state().position());
    RequestState back = lifeCycle(alive()).resumed(done).state();
    assertEquals(Place.MIDDLE.position, back.position());
    Request behindTheLast =
        done.as(
            done.state()
                .waiting(Position.after(300), null, "Workflow 'flow' is not configured any more."));
    RequestState over = lifeCycle(alive()).resumed(behindTheLast).state();
    assertEquals(RequestStatus.SUCCESS, over.status());
    assertTrue(over.finished());
  }

  @Test
  void aStepThatIsNotInTheWorkflowAnyMoreIsWaitedFor() {
    Request before = request(State.FAILED, Place.MIDDLE);
    Routing without =
        new Routing(
            configuration(
                List.of(worker("A", "a", true)),
                List.of(new WorkflowConfiguration("flow", List.of(new WorkflowStep(0, "A")), true)),
                List.of()));
    Request retried = new LifeCycle(without, alive(), NEW, NOW).retried(before);
    assertEquals(List.of("Workflow 'flow' has no step 7 any more."), retried.state().messages());
    assertEquals(Place.MIDDLE.position, retried.state().position());
    assertEquals("B", lifeCycle(alive()).resumed(retried).state().dispatchedWorkerType());
  }

  @Test
  void aRetrySaysFromWhereAndWhyItWaits() {
    Request before = request(State.LETTER, Place.SINGLE);
    List<HistoryEntry> sent = lifeCycle(alive()).retried(before).history();
    assertEquals("An operator retried it from ERROR.", sent.get(sent.size() - 1).detail());
    List<HistoryEntry> waits =
        lifeCycle(type -> Optional.of("It is silent.")).retried(before).history();
    assertEquals(
        "An operator retried it from ERROR. It is silent.", waits.get(waits.size() - 1).detail());
  }

  @Test
  void anAnswerToADispatchBeforeARetryIsTakenUnlessItSaysSo() {
    Request retried = lifeCycle(alive()).retried(request(State.FAILED, Place.SINGLE));
    assertEquals(
        new Transition.Ignored(Transition.Reason.LATE),
        lifeCycle(alive())
            .replied(retried, reply(Message.SUCCESS, CURRENT.toString(), UNKNOWN, false)));
    assertInstanceOf(
        Transition.Moved.class,
        lifeCycle(alive()).replied(retried, reply(Message.SUCCESS, null, UNKNOWN, false)));
  }
}
