package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreRefusedException;

class WorkerManagerTest {

  private final World world = new World();

  @Test
  void aRequestIsGrantedDispatchedAndSucceeds() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    world.replies(world.reply("1", ReplyStatus.RUNNING, null));
    assertEquals(RequestStatus.RUNNING, world.status("1"));
    assertEquals(List.of(), world.told());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "result"));
    assertEquals(List.of("SUCCESS 1"), world.told());
    assertEquals(World.content("result"), world.responses.get(1).content());
    assertEquals(List.of("Worker 'A' succeeded.", "said"), world.responses.get(1).messages());
    assertNull(world.status("1"));
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void successWithoutContentIsAnEmptyObject() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, null));
    assertEquals(Content.EMPTY_OBJECT, world.responses.get(1).content());
  }

  @Test
  void aRequestWaitsForItsWorkerAndGoesWhenItComesAlive() {
    world.submit(world.request("1", "a"));
    assertEquals(List.of("DELAYED 1"), world.told());
    assertEquals(List.of("No worker 'A' is alive."), world.responses.get(0).messages());
    world.beat("A");
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(World.content("content 1"), world.dispatches.get(0).content());
  }

  @Test
  void aRequestWaitsForAConfigurationOfItsContentType() {
    world.beat("N");
    world.submit(world.request("1", "new"));
    assertEquals(List.of("DELAYED 1"), world.told());
    world.configure(List.of(World.worker("N", "new", null)));
    world.drain();
    assertEquals(List.of("GRANTED 1", ">N 1"), world.told());
  }

  @Test
  void whatIsWrongWithARequestIsAnswered() {
    Submission incomplete =
        new Submission(
            World.TENANT,
            "1",
            null,
            "s\u0000",
            "x".repeat(256),
            0,
            Content.NONE,
            world.fingerprint(),
            false);
    assertEquals(List.of(), world.submit(incomplete, world.request("2", "skipped")));
    assertEquals(List.of("SKIPPED 1", "SKIPPED 2"), world.told());
    String reason = world.responses.get(0).messages().get(0);
    assertTrue(reason.contains("regards.request.owner is missing"), reason);
    assertTrue(reason.contains("regards.request.session contains U+0000"), reason);
    assertTrue(reason.contains("regards.request.content_type has 256 characters"), reason);
    assertEquals(Map.of(), world.requests.count(World.TENANT, RequestFilter.ALL).byStatus());
  }

  @Test
  void whoCannotBeAnsweredIsRefused() {
    Submission nobody =
        new Submission(null, "1", "o", "s", "a", 0, Content.NONE, world.fingerprint(), false);
    Submission unserved =
        new Submission("other", "1", "o", "s", "a", 0, Content.NONE, world.fingerprint(), false);
    Submission longId =
        new Submission(
            World.TENANT,
            "x".repeat(256),
            "o",
            "s",
            "a",
            0,
            Content.NONE,
            world.fingerprint(),
            false);
    List<Leftover> refusals = world.submit(world.request("1", "a"), nobody, unserved, longId);
    assertEquals(List.of(1, 2, 3), refusals.stream().map(Leftover::index).toList());
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void anIdThatIsHeldIsSkippedAlsoWithinABatch() {
    world.submit(world.request("1", "a"), world.request("1", "a"));
    assertEquals(List.of("DELAYED 1", "SKIPPED 1"), world.told());
    world.submit(world.request("1", "a"));
    assertEquals(List.of("SKIPPED 1"), world.told());
  }

  @Test
  void theSameMessageAgainDoesNothingWhileHeldAndAfterwards() {
    world.beat("A");
    Submission request = world.request("1", "a");
    world.submit(request);
    world.told();
    world.submit(World.redelivered(request));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    world.submit(World.redelivered(request));
    assertEquals(List.of("SUCCESS 1"), world.told());
    world.submit(World.redelivered(world.request("1", "a")));
    assertEquals(
        List.of("GRANTED 1", ">A 1"), world.told(), "only prefetched before, a new use of the id");
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    world.pass(Duration.ofHours(2));
    world.told();
    world.submit(World.redelivered(request));
    assertEquals(List.of("DELAYED 1"), world.told(), "marks are dropped in the end");
  }

  @Test
  void aWrongClockDropsNoMarks() {
    world.beat("A");
    Submission request = world.request("1", "a");
    world.submit(request);
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    world.told();
    world.clockError = Duration.ofHours(2);
    world.pass(Duration.ofSeconds(10));
    world.submit(World.redelivered(request));
    assertEquals(List.of(), world.told());
  }

  @Test
  void theSameMessageAgainDoesNothingAlsoWhenItWouldBeSkippedNow() {
    world.beat("A");
    Submission request = world.request("1", "a");
    world.submit(request);
    world.told();
    world
        .manager
        .operator()
        .configure(World.TENANT, new ConfigurationUpdate(true, List.of(), List.of(), List.of("a")));
    world.submit(World.redelivered(request), World.redelivered(world.request("2", "a")));
    assertEquals(List.of("SKIPPED 2"), world.told());
  }

  @Test
  void aWorkflowGoesThroughItsStepsInNumericOrder() {
    world.beat("A");
    world.submit(world.request("1", "flow"));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    assertEquals(List.of("DELAYED 1"), world.told());
    world.beat("B");
    assertEquals(List.of("GRANTED 1", ">B 1"), world.told());
    assertEquals(World.content("half"), world.dispatches.get(1).content());
    assertEquals(Map.of("k", "v"), world.dispatches.get(1).request().state().additionalHeaders());
    assertEquals("flow", world.dispatches.get(1).request().contentType());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "whole"));
    assertEquals(List.of("SUCCESS 1"), world.told());
    assertEquals(World.content("whole"), world.responses.get(3).content());
  }

  @Test
  void aWorkflowStepWithoutContentIsAnError() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    world.told();
    world.replies(world.reply("1", ReplyStatus.SUCCESS, null));
    assertEquals(List.of("ERROR 1"), world.told());
  }

  @Test
  void aLateSuccessOfAStepDoesNotPassForTheNextOnes() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    UUID first = world.dispatches.get(0).request().state().dispatch();
    Reply success = world.reply("1", ReplyStatus.SUCCESS, "half");
    world.replies(success, world.reply("1", ReplyStatus.SUCCESS, "again"));
    world.told();
    world.replies(World.redelivered(success));
    world.replies(World.echoing(world.reply("1", ReplyStatus.SUCCESS, "late"), first.toString()));
    assertEquals(List.of(), world.told());
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(World.content("half"), world.dispatches.get(1).content());
  }

  @Test
  void aRepeatedAnswerDoesNotPassForAStepThatNobodyWasSent() {
    world.beat("A");
    world.submit(world.request("1", "flow"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    world.told();
    world.replies(
        world.reply("1", ReplyStatus.SUCCESS, "half, once more"),
        world.reply("1", ReplyStatus.ERROR, null));
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    assertEquals(List.of(), world.told());
    world.beat("B");
    assertEquals(World.content("half"), world.dispatches.get(1).content());
  }

  @Test
  void whatNobodyWasSentCannotBeAnswered() {
    world.submit(world.request("1", "a"));
    world.told();
    world.replies(World.echoing(world.reply("1", ReplyStatus.SUCCESS, "x"), "null"));
    world.replies(world.reply("1", ReplyStatus.ERROR, null));
    assertEquals(List.of(), world.told());
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
  }

  @Test
  void whatWaitsForAnotherDispatchCanStillBeAnswered() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.pass(Duration.ofMinutes(2));
    world.manager.brokerForgot();
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    world.told();
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(List.of("SUCCESS 1"), world.told());
  }

  @Test
  void aRepeatedBeginningDoesNotHideADispatchThatIsStillOwed() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    Reply running = world.reply("1", ReplyStatus.RUNNING, null);
    Reply success = world.reply("1", ReplyStatus.SUCCESS, "half");
    world.told();
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> world.replies(running, success));
    world.publicationsLeft = 100;
    WorkerManager other = world.started("other");
    other.submit(List.of(world.request("2", "a")));
    world.beatTo(other, "A");
    // with another change beside it, so that there is a batch it might be drawn into
    while (other.dispatchWaiting()) {
      // until nothing more can be done
    }
    other.replies(
        List.of(
            World.redelivered(running),
            World.redelivered(success),
            world.reply("2", ReplyStatus.SUCCESS, "x")));
    world.told();
    world.pass(Duration.ofSeconds(6));
    assertEquals(List.of("GRANTED 1", ">B 1"), world.told());
  }

  @Test
  void answersStayInOrderWhenTheFirstOnesPublishingFails() {
    List<Reply> error = List.of(world.reply("1", ReplyStatus.ERROR, null));
    List<Reply> success = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
    List<Runnable> whileResponding = new ArrayList<>();
    WorkerManager manager = world.started("other", world.beforeResponding(whileResponding));
    world.beatTo(manager, "A");
    manager.submit(List.of(world.request("1", "a")));
    whileResponding.add(
        () -> {
          assertEquals(List.of(new Leftover.Deferral(0)), manager.replies(success));
          throw new BrokerUnavailableException("away", null);
        });
    assertThrows(BrokerUnavailableException.class, () -> manager.replies(error));
    assertEquals(List.of(), manager.replies(success));
    assertEquals(List.of("GRANTED 1", ">A 1", "ERROR 1", "SUCCESS 1"), world.told());
  }

  @Test
  void reservedAdditionalHeadersAreNotPassedOn() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    Map<String, String> headers =
        Map.of(
            "regards.tenant",
            "x",
            "Worker-Manager.dispatch",
            "x",
            "CC",
            "x",
            "",
            "x",
            "big",
            "x".repeat(70_000),
            "z",
            "\u0000");
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half").withAdditionalHeaders(headers));
    assertEquals(
        Map.of("z", "\uFFFD"), world.dispatches.get(1).request().state().additionalHeaders());
  }

  @Test
  void anErrorIsKeptAndALaterSuccessStillCounts() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.told();
    Reply error = world.reply("1", ReplyStatus.ERROR, null);
    world.replies(error);
    world.replies(World.redelivered(error), world.reply("1", ReplyStatus.RUNNING, null));
    assertEquals(List.of("ERROR 1"), world.told());
    assertEquals(RequestStatus.ERROR, world.status("1"));
    world.replies(
        world.reply("1", ReplyStatus.INVALID_CONTENT, null),
        world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(
        List.of("SUCCESS 1"), world.told(), "what was over within the batch is nobody's news");
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(List.of(), world.told());
  }

  @Test
  void errorsAreNotKeptWhereThatIsConfigured() {
    world.configure(List.of(new WorkerConfiguration("A", List.of("a"), null, false)));
    world.beat("A");
    world.submit(world.request("1", "a"), world.request("2", "a"));
    world.told();
    world.replies(world.reply("1", ReplyStatus.INVALID_CONTENT, null));
    world.manager.deadLetters(List.of(world.deadLetter("2", null)));
    assertEquals(List.of("INVALID_CONTENT 1", "ERROR 2"), world.told());
    assertNull(world.status("1"));
    assertNull(world.status("2"));
  }

  @Test
  void aDeadLetterIsAnErrorUnlessItIsOfAnotherDispatch() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.told();
    world.manager.deadLetters(
        List.of(world.deadLetter("1", UUID.randomUUID().toString()), world.deadLetter("9", null)));
    assertEquals(List.of(), world.told());
    String dispatch = world.dispatches.get(0).request().state().dispatch().toString();
    world.manager.deadLetters(List.of(world.deadLetter("1", dispatch)));
    assertEquals(List.of("ERROR 1"), world.told());
    assertEquals(
        List.of("Worker 'A' failed on the request.", "stack trace"),
        world.responses.get(1).messages());
  }

  @Test
  void repliesForWhatIsNotHeldOrCannotBeAreDropped() {
    world.replies(
        world.reply("1", ReplyStatus.SUCCESS, "x"),
        world.reply("x\u0000", ReplyStatus.ERROR, null));
    assertEquals(List.of(), world.told());
  }

  @Test
  void aWorkerFallsSilent() {
    world.beat("A");
    world.pass(Duration.ofSeconds(60));
    world.submit(world.request("1", "a"));
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void aReplyDoesNotAnswerWhatOneBeforeItInTheSameBatchHasOpenedEvenIfThatIsTheSameAsBefore() {
    world.configure(
        List.of(
            World.worker("A", "a", "b"), World.worker("B", "b", "c"), World.worker("C", "c", "d")),
        new WorkflowConfiguration(
            "three",
            List.of(new WorkflowStep(1, "A"), new WorkflowStep(2, "B"), new WorkflowStep(3, "C")),
            true));
    world.beat("A", "B", "C");
    world.submit(world.request("1", "three"));
    Reply first = world.reply("1", ReplyStatus.SUCCESS, "x");
    world.replies(first);
    world.told();
    // what a worker says twice without naming the dispatch passes for the next one's
    world.replies(first, world.reply("1", ReplyStatus.SUCCESS, "y"));
    assertEquals(List.of("GRANTED 1", ">C 1"), world.told());
  }

  @Test
  void aRequestWhoseWorkflowLosesItsStepWaitsUntilItIsBack() {
    WorkflowConfiguration flow =
        new WorkflowConfiguration(
            "flow", List.of(new WorkflowStep(10, "A"), new WorkflowStep(20, "B")), true);
    List<WorkerConfiguration> workers =
        List.of(World.worker("A", "a", "b"), World.worker("B", "b", "c"));
    world.beat("A");
    world.submit(world.request("1", "flow"), world.request("2", "flow"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    world.told();
    world.configure(workers);
    world.beat("B");
    world.replies(world.reply("2", ReplyStatus.SUCCESS, "half"));
    assertEquals(List.of("DELAYED 2"), world.told());
    assertEquals(
        "Workflow 'flow' is not configured any more.", world.responses.get(3).messages().get(0));
    world.configure(workers, flow);
    world.drain();
    assertEquals(Set.of("GRANTED 1", ">B 1", "GRANTED 2", ">B 2"), Set.copyOf(world.told()));
  }

  @Test
  void aRequestWhoseWorkflowWasGoneGoesOnWithWhatComesNextWhenItIsBack() {
    assertEquals(List.of("GRANTED 1", ">B 1"), whenBackAs(new WorkflowStep(20, "B")));
  }

  @Test
  void aRequestWhoseWorkflowWasGoneIsDoneWhenNothingComesNextAnyMore() {
    assertEquals(List.of("SUCCESS 1"), whenBackAs(new WorkflowStep(10, "A")));
  }

  @Test
  void aRequestWhoseWorkflowWasGoneGoesOnThoughNoWorkerOfItLives() {
    List<WorkerConfiguration> workers =
        List.of(World.worker("A", "a", "b"), World.worker("B", "b", "c"));
    for (WorkflowStep only : List.of(new WorkflowStep(10, "A"), new WorkflowStep(20, "B"))) {
      world.configure(
          workers,
          new WorkflowConfiguration(
              "flow", List.of(new WorkflowStep(10, "A"), new WorkflowStep(20, "B")), true));
      world.beat("A");
      world.submit(world.request("1", "flow"));
      world.configure(workers);
      world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
      world.pass(Duration.ofSeconds(61));
      world.told();
      world.configure(workers, new WorkflowConfiguration("flow", List.of(only), true));
      world.drain();
      boolean done = only.stepNumber() == 10;
      assertEquals(List.of(done ? "SUCCESS 1" : "DELAYED 1"), world.told());
    }
    world.beat("B");
    assertEquals(List.of("GRANTED 1", ">B 1"), world.told());
  }

  /** What is told when step 10 has ended while the workflow was not configured. */
  private List<String> whenBackAs(WorkflowStep only) {
    List<WorkerConfiguration> workers =
        List.of(World.worker("A", "a", "b"), World.worker("B", "b", "c"));
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    world.configure(workers);
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    world.told();
    world.configure(workers, new WorkflowConfiguration("flow", List.of(only), true));
    world.drain();
    return world.told();
  }

  @Test
  void aBrokerThatIsAwayInterruptsABatchWhichIsFinishedLaterFromWhereItStopped() {
    world.beat("A");
    Submission request = world.request("1", "a");
    world.publicationsLeft = 1;
    assertThrows(BrokerUnavailableException.class, () -> world.submit(request));
    assertEquals(List.of("GRANTED 1"), world.told());
    assertThrows(BrokerUnavailableException.class, () -> world.submit(World.redelivered(request)));
    world.publicationsLeft = 100;
    world.submit(World.redelivered(request));
    assertEquals(List.of(">A 1"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void aRequestThatMovedOnIsNotPublishedAgain() {
    world.beat("A");
    world.publicationsLeft = 1;
    assertThrows(BrokerUnavailableException.class, () -> world.submit(world.request("1", "a")));
    world.publicationsLeft = 100;
    world.told();
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(
        List.of(">A 1", "SUCCESS 1"), world.told(), "finished before anything new is begun");
  }

  @Test
  void anotherProcessOfTheSameNameTakesUpWhatWasLeft() {
    world.beat("A");
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> world.submit(world.request("1", "a")));
    world.publicationsLeft = 100;
    WorkerManager next = world.started("instance");
    next.tick();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void aRefusedDispatchWaitsAndIsTriedAgainAfterAPause() {
    world.beat("A");
    world.refuseDispatches = true;
    world.submit(world.request("1", "a"));
    assertEquals(List.of("GRANTED 1", "DELAYED 1"), world.told());
    world.submit(world.request("2", "a"));
    assertEquals(List.of("DELAYED 2"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
    world.refuseDispatches = false;
    world.pass(Duration.ofMillis(500));
    assertEquals(List.of(), world.told());
    world.pass(Duration.ofSeconds(1));
    assertEquals(List.of("GRANTED 1", "GRANTED 2", ">A 1", ">A 2"), world.told());
  }

  @Test
  void whatABrokerForgotIsDispatchedAgain() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.told();
    world.manager.brokerForgot();
    world.pass(Duration.ofSeconds(5));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void whatWasInHandWhenManagerAndBrokerCrashedIsDispatchedOnce() {
    world.beat("A");
    world.manager.tick();
    world.publicationsLeft = 1;
    assertThrows(BrokerUnavailableException.class, () -> world.submit(world.request("1", "a")));
    world.publicationsLeft = 100;
    assertEquals(List.of("GRANTED 1"), world.told());
    WorkerManager next = world.instance("instance", world.requests, world, () -> {});
    next.brokerForgot();
    next.start();
    next.takeUpAll();
    World.drain(next);
    assertEquals(List.of("DELAYED 1", "GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void theSignalToDispatchComesAgainWhenDispatchingFailed() {
    AtomicInteger signals = new AtomicInteger();
    WorkerManager other = world.instance("other", world.requests, world, signals::incrementAndGet);
    other.start();
    other.submit(List.of(world.request("1", "a")));
    world.beatTo(other, "A");
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, other::dispatchWaiting);
    signals.set(0);
    world.publicationsLeft = 100;
    world.letPass(Duration.ofSeconds(6));
    other.tick();
    assertTrue(signals.get() > 0);
  }

  @Test
  void aPauseThatIsOverIsTriedOnce() {
    AtomicInteger signals = new AtomicInteger();
    WorkerManager other = world.instance("other", world.requests, world, signals::incrementAndGet);
    other.start();
    world.beatTo(other, "A");
    world.refuseDispatches = true;
    other.submit(List.of(world.request("1", "a")));
    world.refuseDispatches = false;
    world.beat("A");
    assertEquals(RequestStatus.DISPATCHED, world.status("1"), "by the other instance");
    while (other.dispatchWaiting()) {
      // until nothing more can be done
    }
    signals.set(0);
    for (int i = 0; i < 10; i++) {
      world.letPass(Duration.ofMillis(400));
      other.tick();
      while (other.dispatchWaiting()) {
        // until nothing more can be done
      }
    }
    assertEquals(1, signals.get());
  }

  @Test
  void aTenantThatNoRequestCouldNameIsRefused() {
    for (String tenant : List.of("x".repeat(256), "a\u0000")) {
      assertThrows(IllegalArgumentException.class, () -> world.manager.operator().serve(tenant));
    }
  }

  @Test
  void timesBeyondAllSenseAreRefused() {
    Settings usual = Settings.ofInstance("instance");
    for (Duration time : List.of(Duration.ZERO, Duration.ofDays(200_000))) {
      assertThrows(IllegalArgumentException.class, () -> usual.withHeartbeatExpiry(time));
    }
  }

  @Test
  void aFingerprintHasItsDigitsInOneFormOnly() {
    for (String hex : List.of("ab", "AB".repeat(32), "zz".repeat(32))) {
      assertThrows(IllegalArgumentException.class, () -> new Fingerprint(hex));
    }
  }

  @Test
  void whatAnOperatorShouldKnowIsReported() {
    world.beat("A", "a");
    world.pass(Duration.ofSeconds(60));
    world.manager.heartbeats(List.of(new Heartbeat("B-1", "B", world.now.minusSeconds(3_600))));
    world.pass(Duration.ofSeconds(10));
    world.manager.heartbeats(List.of(new Heartbeat("B-1", "B", world.now.minusSeconds(3_600))));
    assertEquals(
        List.of(
            "alive A",
            "alive a, not configured",
            "silent A",
            "silent a",
            "clock wrong B-1",
            "alive B"),
        world.reported);
  }

  @Test
  void answersThatChangeNothingAreReported() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    Reply error = world.reply("1", ReplyStatus.ERROR, null);
    world.replies(error, world.reply("1", ReplyStatus.RUNNING, null));
    world.replies(World.redelivered(error));
    world.replies(World.echoing(world.reply("1", ReplyStatus.SUCCESS, "x"), "another"));
    world.replies(world.reply("2", ReplyStatus.SUCCESS, "x"));
    assertEquals(
        List.of("alive A", "NOT_EXPECTED 1", "REPEATED 1", "LATE 1", "NOT_HELD 2"), world.reported);
  }

  @Test
  void theSameWordsAgainAreAnotherAnswerUnlessTheBrokerDeliversThemAgain() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.told();
    Reply error = world.reply("1", ReplyStatus.ERROR, null);
    world.replies(error);
    world.replies(error);
    assertEquals(List.of("ERROR 1", "ERROR 1"), world.told());
  }

  @Test
  void aRequestThatTheStoreRefusesIsRefusedAlone() {
    WorkerManager picky = world.started("picky", refusing(world.requests, "bad"));
    List<Submission> submissions = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      submissions.add(world.request(i == 3 || i == 8 ? "bad " + i : "good " + i, "a"));
    }
    List<Leftover> refusals = picky.submit(submissions);
    assertEquals(List.of(3, 8), refusals.stream().map(Leftover::index).toList());
    assertEquals(new Leftover.Refusal(3, "planted"), refusals.get(0));
    assertEquals(8, world.told().stream().filter(told -> told.startsWith("DELAYED good")).count());
    assertEquals(List.of(), world.requests.openBatches());
  }

  /** Refuses to keep requests whose id begins so. */
  private static RequestStore refusing(RequestStore store, String beginning) {
    return (RequestStore)
        Proxy.newProxyInstance(
            WorkerManagerTest.class.getClassLoader(),
            new Class<?>[] {RequestStore.class},
            (self, method, arguments) -> {
              if (method.getName().equals("change")
                  && ((Collection<?>) arguments[0])
                      .stream()
                          .anyMatch(key -> ((RequestKey) key).requestId().startsWith(beginning))) {
                throw new StoreRefusedException("planted", null);
              }
              return method.invoke(store, arguments);
            });
  }

  @Test
  void aWorkerThatComesAliveWhileRequestsAreBeingStoredAsWaitingGetsThem() {
    AtomicReference<WorkerManager> late = new AtomicReference<>();
    Publisher beating =
        new Publisher() {
          @Override
          public List<Refused<Response>> respond(
              List<Response> responses, BooleanSupplier allowed) {
            world.beatTo(late.get(), "A");
            while (late.get().dispatchWaiting()) {
              // the request is in an open batch: not to be found yet
            }
            return world.respond(responses, allowed);
          }

          @Override
          public List<Refused<HeldRequest>> dispatch(
              List<HeldRequest> requests, BooleanSupplier allowed) {
            return world.dispatch(requests, allowed);
          }

          @Override
          public QueueState workerQueue(String workerType) {
            return world.workerQueue(workerType);
          }
        };
    late.set(world.instance("late", world.requests, beating, () -> {}));
    late.get().start();
    late.get().submit(List.of(world.request("1", "a")));
    while (late.get().dispatchWaiting()) {
      // until nothing more can be done
    }
    assertEquals(List.of("DELAYED 1", "GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void whatAnotherInstanceHasInHandIsLeftAlone() {
    world.beat("A");
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> world.submit(world.request("1", "a")));
    world.publicationsLeft = 100;
    WorkerManager other = world.started("other");
    world.letPass(Duration.ofSeconds(6));
    other.tick();
    assertEquals(List.of(), world.told());
    other.takeUpAll();
    other.tick();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told(), "unless it is known to be gone");
  }

  @Test
  void eachRefusalInARowMakesThePauseLonger() {
    world.beat("A");
    world.refuseDispatches = true;
    world.submit(world.request("1", "a"));
    world.told();
    int tries = 0;
    for (int i = 0; i < 30; i++) {
      world.letPass(Duration.ofSeconds(1));
      world.beat("A");
      world.manager.tick();
      world.drain();
      tries += world.told().isEmpty() ? 0 : 1;
    }
    // after 1, 2, 4, 8 and 16 seconds
    assertEquals(4, tries);
  }

  @Test
  void theFileGivenAtStartIsImportedOnceAndThenOnlyWhenItDiffers() {
    ConfigurationUpdate file =
        new ConfigurationUpdate(true, List.of(World.worker("F", "f", null)), List.of(), List.of());
    ConfigurationUpdate operators =
        new ConfigurationUpdate(true, List.of(World.worker("O", "o", null)), List.of(), List.of());
    Fingerprint first = world.fingerprint();
    world.manager.configureAtStart(World.TENANT, file, first);
    world.manager.operator().configure(World.TENANT, operators);
    world.manager.configureAtStart(World.TENANT, file, first);
    assertEquals("O", configuredWorker());
    world.manager.configureAtStart(World.TENANT, file, world.fingerprint());
    assertEquals("F", configuredWorker());
  }

  @Test
  void aRefusedUpdateChangesNothing() {
    Configuration before = world.manager.operator().configuration(World.TENANT).orElseThrow();
    Map<String, Long> versions = world.configurations.versions();
    ConfigurationUpdate wrong =
        new ConfigurationUpdate(
            false,
            List.of(World.worker("A", "new", null), World.worker("C", "new", null)),
            List.of(),
            List.of("skipped"));
    assertThrows(
        InvalidConfigurationException.class,
        () -> world.manager.operator().configure(World.TENANT, wrong));
    assertThrows(
        InvalidConfigurationException.class,
        () -> world.manager.configureAtStart(World.TENANT, wrong, world.fingerprint()));
    assertThrows(
        InvalidConfigurationException.class,
        () -> world.manager.operator().configure("another", wrong));
    assertEquals(before, world.manager.operator().configuration(World.TENANT).orElseThrow());
    assertEquals(versions, world.configurations.versions());
    assertEquals(Set.of(World.TENANT), world.manager.operator().tenants());
  }

  private String configuredWorker() {
    return world
        .manager
        .operator()
        .configuration(World.TENANT)
        .orElseThrow()
        .workers()
        .get(0)
        .workerType();
  }

  @Test
  void waitingRequestsGoByPriorityAndThenArrival() {
    world.submit(world.request("low 1", "a"));
    Submission urgent = world.request("urgent", "a");
    world.submit(
        new Submission(
            urgent.tenant(),
            urgent.requestId(),
            urgent.source(),
            urgent.session(),
            urgent.contentType(),
            9,
            urgent.content(),
            urgent.fingerprint(),
            false),
        world.request("low 2", "a"));
    world.told();
    world.beat("A");
    assertEquals(
        List.of(">A urgent", ">A low 1", ">A low 2"),
        world.told().stream().filter(told -> told.startsWith(">")).toList());
  }
}
