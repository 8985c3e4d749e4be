package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

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
    assertEquals(Map.of(), world.requests.countByStatus(World.TENANT));
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
    List<Refusal> refusals = world.submit(world.request("1", "a"), nobody, unserved, longId);
    assertEquals(List.of(1, 2, 3), refusals.stream().map(Refusal::index).toList());
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
    world.replies(World.echoing(world.reply("1", ReplyStatus.SUCCESS, "late"), first));
    assertEquals(List.of(), world.told());
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(World.content("half"), world.dispatches.get(1).content());
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
    assertEquals(List.of("GRANTED 1", "GRANTED 2", ">B 1", ">B 2"), world.told());
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
    WorkerManager next =
        new WorkerManager(
            Settings.ofInstance("instance"),
            new Ports(
                world.requests,
                world.configurations,
                world,
                org.workermanager.domain.monitor.Monitor.NONE,
                () -> world.now,
                () -> 0,
                new java.util.SplittableRandom(2),
                () -> {}));
    next.start();
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
    world.manager.takeUpAll(true);
    world.pass(Duration.ofSeconds(5));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }
}
