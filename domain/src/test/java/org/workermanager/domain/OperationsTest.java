package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.operation.OperationProgress;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.HistoryEntry;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;

/** What an operator does to held requests: retry and delete. */
class OperationsTest {

  private final World world = new World();

  private static RequestFilter in(RequestStatus... statuses) {
    return RequestFilter.ALL.withStatuses(Selection.of(Set.of(statuses)));
  }

  private static RequestFilter unchangedSince(Instant moment, RequestStatus... statuses) {
    return new RequestFilter(
        null, null, null, null, Selection.of(Set.of(statuses)), null, null, null, moment);
  }

  private static RequestFilter createdBefore(Instant moment, RequestStatus... statuses) {
    return new RequestFilter(
        null, null, null, null, Selection.of(Set.of(statuses)), null, null, moment, null);
  }

  private static OperationProgress retry(World in, RequestFilter filter) {
    return in.manager.operator().retry(World.TENANT, filter, OperationListener.NONE);
  }

  private OperationProgress retry(RequestFilter filter) {
    return retry(world, filter);
  }

  private OperationProgress delete(RequestFilter filter) {
    return world.manager.operator().delete(World.TENANT, filter, OperationListener.NONE);
  }

  /** One request in each state, named after it. */
  private void oneOfEach() {
    world.beat("A");
    for (RequestStatus status : RequestStatus.values()) {
      world.submit(
          world.request(status.name(), status == RequestStatus.NO_WORKER_AVAILABLE ? "b" : "a"));
    }
    world.replies(
        world.reply("RUNNING", ReplyStatus.RUNNING, null),
        world.reply("ERROR", ReplyStatus.ERROR, null),
        world.reply("INVALID_CONTENT", ReplyStatus.INVALID_CONTENT, null),
        world.reply("SUCCESS", ReplyStatus.SUCCESS, null),
        world.reply("TO_DISPATCH", ReplyStatus.SUCCESS, null),
        world.reply("TO_DELETE", ReplyStatus.SUCCESS, null));
    world.told();
  }

  private void failed(String... ids) {
    world.beat("A");
    for (String id : ids) {
      world.submit(world.request(id, "a"));
      world.replies(world.reply(id, ReplyStatus.ERROR, null));
    }
    world.told();
  }

  @Test
  void aRetriedRequestIsDispatchedAnewAndItsRequesterHearsSo() {
    failed("1");
    UUID before = world.held("1").state().dispatch();
    world.pass(Duration.ofSeconds(1));
    assertEquals(new OperationProgress(1, 1, 0, 0, List.of()), retry(RequestFilter.ALL));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(World.content("content 1"), world.dispatches.get(1).content());
    assertTrue(!before.equals(world.held("1").state().dispatch()));
    HistoryEntry last = world.held("1").history().get(2);
    assertEquals(world.now, last.at());
    assertEquals(RequestStatus.DISPATCHED, last.status());
    assertEquals("An operator retried it from ERROR.", last.detail());
    assertEquals(List.of(), world.requests.openBatches());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(List.of("SUCCESS 1"), world.told());
  }

  @Test
  void aRetriedRequestWithoutAWorkerWaits() {
    failed("1");
    world.pass(Duration.ofMinutes(2));
    assertEquals(new OperationProgress(1, 0, 1, 0, List.of()), retry(RequestFilter.ALL));
    assertEquals(List.of("DELAYED 1"), world.told());
    assertEquals(List.of("No worker 'A' is alive."), world.held("1").state().messages());
    world.beat("A");
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void aWaitingRequestThatStillWaitsIsLeftAsItIs() {
    world.submit(world.request("1", "a"));
    world.told();
    assertEquals(new OperationProgress(1, 0, 1, 0, List.of()), retry(RequestFilter.ALL));
    assertEquals(List.of(), world.told());
    assertEquals(1, world.held("1").history().size());
  }

  @Test
  void aDeletedRequestIsHeldNoMoreAndNobodyHearsOfIt() {
    failed("1", "2");
    world.submit(world.request("waiting", "b"));
    world.told();
    assertEquals(new OperationProgress(3, 3, 0, 0, List.of()), delete(RequestFilter.ALL));
    assertEquals(List.of(), world.told());
    assertEquals(Map.of(), world.requests.count(World.TENANT, RequestFilter.ALL).byStatus());
    assertEquals(List.of(), world.requests.openBatches());
    world.reports();
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    world.manager.deadLetters(List.of(world.deadLetter("2", null)));
    assertEquals(List.of(), world.told());
    assertEquals(List.of("NOT_HELD 1", "NOT_HELD 2"), world.reports());
  }

  @Test
  void aDeletedRequestLeavesItsMark() {
    Submission submission = world.request("1", "a");
    world.submit(submission);
    delete(RequestFilter.ALL);
    world.told();
    world.submit(World.redelivered(submission));
    assertEquals(List.of(), world.told());
    assertNull(world.status("1"));
    world.submit(world.request("1", "a"));
    assertEquals(List.of("DELAYED 1"), world.told(), "its id can be used again");
  }

  @Test
  void withoutStatesThoseAtRestAreMeant() {
    oneOfEach();
    OperationProgress progress = delete(RequestFilter.ALL);
    assertEquals(3, progress.done());
    assertEquals(
        Set.of(RequestStatus.DISPATCHED, RequestStatus.RUNNING),
        world.requests.count(World.TENANT, RequestFilter.ALL).byStatus().keySet());
  }

  @Test
  void excludedStatesAreTakenFromThoseAtRest() {
    for (RequestStatus excluded : RequestStatus.values()) {
      World fresh = new World();
      fresh.beat("A");
      fresh.submit(fresh.request("w", "b"), fresh.request("e", "a"), fresh.request("i", "a"));
      fresh.submit(fresh.request("d", "a"), fresh.request("r", "a"));
      fresh.replies(
          fresh.reply("e", ReplyStatus.ERROR, null),
          fresh.reply("i", ReplyStatus.INVALID_CONTENT, null),
          fresh.reply("r", ReplyStatus.RUNNING, null));
      RequestFilter but =
          RequestFilter.ALL.withStatuses(new Selection<>(Set.of(excluded), Selection.Mode.EXCLUDE));
      fresh.manager.operator().delete(World.TENANT, but, OperationListener.NONE);
      Set<RequestStatus> left = EnumSet.of(RequestStatus.DISPATCHED, RequestStatus.RUNNING);
      if (Set.of(
              RequestStatus.ERROR, RequestStatus.INVALID_CONTENT, RequestStatus.NO_WORKER_AVAILABLE)
          .contains(excluded)) {
        left.add(excluded);
      }
      assertEquals(left, fresh.requests.count(World.TENANT, RequestFilter.ALL).byStatus().keySet());
    }
  }

  @Test
  void whatAWorkerMayBeAtWorkOnIsOnlyTouchedWithAMinimumAge() {
    oneOfEach();
    for (RequestStatus sent : List.of(RequestStatus.DISPATCHED, RequestStatus.RUNNING)) {
      for (RequestFilter young :
          List.of(
              in(sent, RequestStatus.ERROR),
              unchangedSince(world.now, sent),
              createdBefore(world.now, sent),
              createdBefore(world.now.plusSeconds(1), sent))) {
        Operator operator = world.manager.operator();
        String message =
            assertThrows(IllegalArgumentException.class, () -> operator.requireChangeable(young))
                .getMessage();
        assertTrue(message.contains(sent.name()) && message.contains("minimum age"), message);
        assertThrows(IllegalArgumentException.class, () -> retry(young));
        assertThrows(IllegalArgumentException.class, () -> delete(young));
      }
    }
    assertEquals(List.of(), world.told());
    world.pass(Duration.ofSeconds(30));
    world.beat("A");
    world.submit(world.request("young", "a"));
    world.told();
    Instant since = world.now.minusSeconds(30);
    assertEquals(1, retry(unchangedSince(since, RequestStatus.RUNNING)).done());
    assertEquals(List.of("GRANTED RUNNING", ">A RUNNING"), world.told());
    assertEquals(2, delete(createdBefore(since, RequestStatus.DISPATCHED)).done());
    assertNull(world.status("DISPATCHED"));
    assertEquals(RequestStatus.DISPATCHED, world.status("young"));
  }

  @Test
  void statesThatNobodyCanChangeAreRefused() {
    for (RequestStatus status :
        List.of(RequestStatus.TO_DISPATCH, RequestStatus.SUCCESS, RequestStatus.TO_DELETE)) {
      assertThrows(IllegalArgumentException.class, () -> retry(in(status, RequestStatus.ERROR)));
      assertThrows(
          IllegalArgumentException.class,
          () -> delete(unchangedSince(world.now.minusSeconds(1), status)));
    }
  }

  @Test
  void aFilterThatIncludesNoStateTouchesNothing() {
    failed("1");
    assertEquals(new OperationProgress(0, 0, 0, 0, List.of()), delete(in()));
    assertEquals(RequestStatus.ERROR, world.status("1"));
  }

  @Test
  void itGoesPageByPageWithProgress() {
    World paged = World.withPagesOf(2);
    paged.beat("A");
    for (int i = 1; i <= 5; i++) {
      paged.submit(paged.request("" + i, "a"));
      paged.replies(paged.reply("" + i, ReplyStatus.ERROR, null));
    }
    List<Long> done = new ArrayList<>();
    OperationProgress result =
        paged
            .manager
            .operator()
            .retry(
                World.TENANT,
                RequestFilter.ALL,
                progress -> {
                  assertEquals(5, progress.matched());
                  done.add(progress.done());
                  return true;
                });
    assertEquals(List.of(0L, 2L, 4L, 5L), done);
    assertEquals(new OperationProgress(5, 5, 0, 0, List.of()), result);
    paged.replies(paged.reply("5", ReplyStatus.SUCCESS, null));
    assertEquals(
        4,
        paged
            .requests
            .count(World.TENANT, RequestFilter.ALL)
            .byStatus()
            .get(RequestStatus.DISPATCHED));
  }

  @Test
  void theListenerEndsIt() {
    World paged = World.withPagesOf(2);
    for (int i = 1; i <= 5; i++) {
      paged.submit(paged.request("" + i, "a"));
    }
    OperationProgress result =
        paged
            .manager
            .operator()
            .delete(World.TENANT, RequestFilter.ALL, progress -> progress.done() < 3);
    assertEquals(new OperationProgress(5, 4, 0, 0, List.of()), result);
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, paged.status("5"));
  }

  @Test
  void whatComesWhileItGoesOnIsNotTouched() {
    World paged = World.withPagesOf(1);
    paged.submit(paged.request("1", "a"), paged.request("2", "a"));
    paged
        .manager
        .operator()
        .delete(
            World.TENANT,
            RequestFilter.ALL,
            progress -> {
              paged.submit(paged.request("later " + progress.done(), "a"));
              return true;
            });
    assertNull(paged.status("1"));
    assertNull(paged.status("2"));
    assertEquals(
        3,
        paged
            .requests
            .search(World.TENANT, RequestFilter.ALL, PageRequest.first(10))
            .totalElements());
  }

  @Test
  void aRequestThatIsRefilledUnderTheSameIdMeanwhileIsNotTouched() {
    failed("1");
    WorkerManager other =
        world.started(
            "other",
            world.before(
                "changeFound",
                () -> {
                  world.replies(world.reply("1", ReplyStatus.SUCCESS, null));
                  world.submit(world.request("1", "b"));
                }));
    OperationProgress progress =
        other.operator().delete(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(0, progress.done());
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
  }

  /** It comes from the worker that had the request before it was retried. */
  @Test
  void aReplyWhileARetriedRequestIsDispatchedAtLastIsTakenAfterwards() {
    List<Runnable> whileResponding = new ArrayList<>();
    WorkerManager manager = world.started("other", world.beforeResponding(whileResponding));
    world.beatTo(manager, "A");
    manager.submit(List.of(world.request("1", "a")));
    manager.replies(List.of(world.reply("1", ReplyStatus.ERROR, null)));
    manager.operator().pause("A");
    manager.operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(List.of("GRANTED 1", ">A 1", "ERROR 1", "DELAYED 1"), world.told());
    List<Reply> late = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
    whileResponding.add(
        () -> assertEquals(List.of(new Leftover.Deferral(0)), manager.replies(late)));
    manager.operator().resume("A");
    World.drain(manager);
    assertEquals(List.of(), manager.replies(late));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void aReplyBetweenFindingAndLockingWins() {
    failed("1", "2");
    world.submit(world.request("3", "flow"));
    world.replies(world.reply("3", ReplyStatus.ERROR, null));
    world.told();
    List<Runnable> meanwhile =
        new ArrayList<>(
            List.of(
                () ->
                    world.replies(
                        world.reply("1", ReplyStatus.SUCCESS, null),
                        world.reply("3", ReplyStatus.SUCCESS, "half"))));
    WorkerManager other =
        world.started(
            "other",
            world.before(
                "changeFound",
                () -> {
                  if (!meanwhile.isEmpty()) {
                    meanwhile.remove(0).run();
                  }
                }));
    OperationProgress progress =
        other.operator().delete(World.TENANT, in(RequestStatus.ERROR), OperationListener.NONE);
    assertEquals(List.of("SUCCESS 1", "DELAYED 3"), world.told());
    assertEquals(3, progress.matched());
    assertEquals(1, progress.done());
    assertEquals(2, progress.refused());
    assertEquals(
        List.of(
            new OperationProgress.Refusal(3, "3", "It has gone on meanwhile."),
            new OperationProgress.Refusal(1, "1", "It has gone on meanwhile.")),
        progress.refusals());
    assertNull(world.status("2"));
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("3"));
  }

  @Test
  void allIsDoneThoughPagesAreShortBecauseContentsAreLarge() {
    failed("1", "2", "3");
    for (String moving : List.of("4", "5", "6")) {
      world.submit(world.request(moving, "a"));
    }
    world.publicationsLeft = 0;
    assertThrows(
        BrokerUnavailableException.class,
        () ->
            world.replies(
                world.reply("4", ReplyStatus.ERROR, null),
                world.reply("5", ReplyStatus.ERROR, null),
                world.reply("6", ReplyStatus.ERROR, null)));
    world.publicationsLeft = 100;
    world.largeContents = true;
    List<OperationProgress> heard = new ArrayList<>();
    OperationListener finishing =
        now -> {
          heard.add(now);
          if (heard.size() == 10) {
            world.manager.check();
          }
          return true;
        };
    WorkerManager other = world.started("other");
    OperationProgress progress =
        other.operator().delete(World.TENANT, RequestFilter.ALL, finishing);
    assertEquals(6, progress.done());
    assertEquals(0, progress.refused());
  }

  @Test
  void whatIsMovingIsWaitedForUntilTheListenerEndsIt() {
    failed("1");
    world.submit(world.request("2", "a"));
    world.publicationsLeft = 0;
    assertThrows(
        BrokerUnavailableException.class,
        () -> world.replies(world.reply("2", ReplyStatus.ERROR, null)));
    world.publicationsLeft = 100;
    WorkerManager other = world.started("other");
    List<OperationProgress> heard = new ArrayList<>();
    OperationProgress progress =
        other
            .operator()
            .delete(
                World.TENANT,
                RequestFilter.ALL,
                now -> {
                  heard.add(now);
                  return heard.size() < 5;
                });
    assertEquals(5, heard.size());
    assertEquals(1, progress.done());
    assertEquals(0, progress.refused());
  }

  @Test
  void aListenerThatHasEndedItIsNotAskedAgain() {
    World paged = World.withPagesOf(1);
    paged.beat("A");
    paged.submit(paged.request("1", "a"), paged.request("2", "a"), paged.request("3", "a"));
    paged.replies(paged.reply("3", ReplyStatus.ERROR, null));
    paged.publicationsLeft = 0;
    assertThrows(
        BrokerUnavailableException.class,
        () ->
            paged.replies(
                paged.reply("1", ReplyStatus.ERROR, null),
                paged.reply("2", ReplyStatus.ERROR, null)));
    paged.publicationsLeft = 100;
    WorkerManager other = paged.instance("other", paged.requests, paged, () -> {});
    other.start();
    List<OperationProgress> heard = new ArrayList<>();
    OperationProgress progress =
        other
            .operator()
            .delete(
                World.TENANT,
                RequestFilter.ALL,
                now -> {
                  heard.add(now);
                  // while the two that are still moving are waited for
                  return heard.size() != 3;
                });
    assertEquals(3, heard.size());
    assertEquals(0, progress.done());
    assertEquals(RequestStatus.ERROR, paged.status("3"));
  }

  @Test
  void whatIsInAnotherInstancesOpenBatchIsLeftAloneAndSaidSo() {
    failed("1");
    world.submit(world.request("2", "a"));
    world.publicationsLeft = 0;
    assertThrows(
        BrokerUnavailableException.class,
        () -> world.replies(world.reply("2", ReplyStatus.ERROR, null)));
    world.publicationsLeft = 100;
    world.told();
    WorkerManager other = world.started("other");
    OperationProgress progress =
        other.operator().delete(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(1, progress.done());
    assertEquals(
        List.of(
            new OperationProgress.Refusal(2, "2", "What became of it last is still being told.")),
        progress.refusals());
    assertEquals(RequestStatus.ERROR, world.status("2"));
    assertEquals(1, delete(RequestFilter.ALL).done(), "the one whose batch it is finishes it");
    assertEquals(List.of("ERROR 2"), world.told());
  }

  @Test
  void aBatchThatClosesWhileOthersAreDoneIsLookedAtAgain() {
    failed("1");
    world.submit(world.request("2", "a"));
    world.publicationsLeft = 0;
    assertThrows(
        BrokerUnavailableException.class,
        () -> world.replies(world.reply("2", ReplyStatus.ERROR, null)));
    world.publicationsLeft = 100;
    List<String> looks = new ArrayList<>();
    WorkerManager other =
        world.started(
            "other",
            world.before(
                "changeFound",
                () -> {
                  looks.add("look");
                  if (looks.size() == 3) {
                    world.manager.check();
                  }
                }));
    OperationProgress progress =
        other.operator().delete(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(new OperationProgress(2, 2, 0, 0, List.of()), progress);
  }

  @Test
  void whatIsStillBeingToldIsRefusedOnceHoweverMuchItIs() {
    World paged = World.withPagesOf(2);
    Submission[] many = new Submission[7];
    for (int i = 0; i < many.length; i++) {
      many[i] = paged.request("" + i, "a");
    }
    paged.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> paged.submit(many));
    WorkerManager other = paged.instance("other", paged.requests, paged, () -> {});
    other.start();
    OperationProgress progress =
        other.operator().delete(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(7, progress.matched());
    assertEquals(7, progress.refused());
    assertEquals(
        List.of("0", "1", "2", "3", "4", "5", "6"),
        progress.refusals().stream().map(OperationProgress.Refusal::requestId).toList());
  }

  @Test
  void whatComesToMatchMeanwhileIsCounted() {
    failed("1");
    world.submit(world.request("2", "a"));
    world.told();
    OperationProgress progress =
        world
            .manager
            .operator()
            .delete(
                World.TENANT,
                in(RequestStatus.ERROR),
                sofar -> {
                  world.replies(world.reply("2", ReplyStatus.ERROR, null));
                  return true;
                });
    assertEquals(new OperationProgress(2, 2, 0, 0, List.of()), progress);
  }

  @Test
  void aWorkerThatComesAliveWhileRequestsAreBeingRetriedAsWaitingGetsThem() {
    failed("1");
    world.pass(Duration.ofMinutes(2));
    List<WorkerManager> self = new ArrayList<>();
    WorkerManager other =
        world.started(
            "other",
            world.before(
                "close",
                () -> {
                  world.beatTo(self.get(0), "A");
                  // in an open batch: not to be found yet
                  self.get(0).dispatchWaiting();
                }));
    self.add(other);
    other.operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    World.drain(other);
    assertEquals(List.of("DELAYED 1", "GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void noMoreThanAHundredRefusalsAreToldInFull() {
    world.beat("A");
    Submission[] many = new Submission[120];
    for (int i = 0; i < many.length; i++) {
      many[i] = world.request("%03d".formatted(i), "b");
    }
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> world.submit(many));
    WorkerManager other = world.started("other");
    OperationProgress progress =
        other.operator().delete(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(120, progress.refused());
    assertEquals(100, progress.refusals().size());
    assertEquals("000", progress.refusals().get(0).requestId());
  }

  @Test
  void aRetriedWorkflowResumesAtTheStepThatFailed() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    world.replies(world.reply("1", ReplyStatus.ERROR, "said with an error"));
    world.told();
    retry(RequestFilter.ALL);
    assertEquals(List.of("GRANTED 1", ">B 1"), world.told());
    RequestState state = world.dispatches.get(2).request().state();
    assertEquals(World.content("half"), world.dispatches.get(2).content());
    assertEquals(Map.of("k", "v"), state.additionalHeaders());
    assertEquals(20, state.position().step());
    assertEquals(
        World.content("content 1"),
        world.manager.operator().find(World.TENANT, "1").orElseThrow().originalContent());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "whole"));
    assertEquals(List.of("SUCCESS 1"), world.told());
    assertEquals(World.content("whole"), world.responses.get(world.responses.size() - 1).content());
  }

  @Test
  void aRetryWhosePublishingIsInterruptedIsFinishedLater() {
    for (int published = 0; published < 2; published++) {
      World interrupted = World.withPagesOf(2);
      interrupted.beat("A");
      for (String id : List.of("1", "2", "3")) {
        interrupted.submit(interrupted.request(id, "a"));
        interrupted.replies(interrupted.reply(id, ReplyStatus.ERROR, null));
      }
      interrupted.told();
      interrupted.publicationsLeft = published;
      assertThrows(BrokerUnavailableException.class, () -> retry(interrupted, RequestFilter.ALL));
      interrupted.publicationsLeft = 100;
      interrupted.pass(Duration.ofSeconds(1));
      assertEquals(List.of("GRANTED 1", "GRANTED 2", ">A 1", ">A 2"), interrupted.told());
      assertEquals(RequestStatus.ERROR, interrupted.status("3"), "what was not begun is not done");
      assertEquals(
          new OperationProgress(1, 1, 0, 0, List.of()), retry(interrupted, RequestFilter.ALL));
      assertEquals(List.of("GRANTED 3", ">A 3"), interrupted.told());
      assertEquals(List.of(), interrupted.requests.openBatches());
    }
  }

  @Test
  void anAnswerToAnInterruptedRetryComesAfterItWasGranted() {
    failed("1");
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> retry(RequestFilter.ALL));
    world.publicationsLeft = 100;
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
  }

  @Test
  void anAnswerFromBeforeARetryThatTheBrokerDeliversAgainDoesNotUndoIt() {
    failed();
    world.submit(world.request("1", "a"), world.request("2", "b"), world.request("3", "a"));
    String dispatch = world.held("1").state().dispatch().toString();
    Reply error = World.echoing(world.reply("1", ReplyStatus.ERROR, null), dispatch);
    DeadLetter letter = world.deadLetter("3", dispatch);
    world.replies(error);
    world.manager.deadLetters(List.of(letter));
    retry(RequestFilter.ALL);
    world.told();
    world.reports();
    world.replies(World.redelivered(error));
    world.manager.deadLetters(List.of(World.redelivered(letter)));
    assertEquals(List.of(), world.told());
    assertEquals(List.of("LATE 1", "LATE 3"), world.reports());
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(RequestStatus.DISPATCHED, world.status("3"));
  }

  @Test
  void theSameErrorOnceMoreIsTheAnswerToARetryEvenIfTheBrokerDeliversItAgain() {
    failed("1");
    retry(RequestFilter.ALL);
    world.told();
    Reply error = world.reply("1", ReplyStatus.ERROR, null);
    world.replies(error);
    retry(RequestFilter.ALL);
    world.told();
    world.replies(World.redelivered(error));
    assertEquals(List.of("ERROR 1"), world.told(), "or the request would wait for ever");
  }

  @Test
  void norOneThatWaitsSinceItWasRetried() {
    failed("1");
    Reply error = world.reply("1", ReplyStatus.ERROR, null);
    world.replies(error);
    world.pass(Duration.ofMinutes(2));
    retry(RequestFilter.ALL);
    world.told();
    world.replies(World.redelivered(error));
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    world.refuseDispatches = true;
    world.beat("A");
    world.replies(World.redelivered(error));
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    world.refuseDispatches = false;
    world.pass(Duration.ofSeconds(2));
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
  }

  @Test
  void aRetryThatTheBrokerRefusesWaitsAndIsTriedAgain() {
    failed("1");
    world.refuseDispatches = true;
    retry(RequestFilter.ALL);
    assertEquals(List.of("GRANTED 1", "DELAYED 1"), world.told());
    world.refuseDispatches = false;
    world.pass(Duration.ofSeconds(2));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void anotherTenantsRequestsAreNotTouched() {
    world
        .manager
        .operator()
        .configure(
            "other",
            new ConfigurationUpdate(
                true, List.of(World.worker("B", "a", null)), List.of(), List.of()));
    world.submit(world.request("1", "a"), World.of("other", world.request("1", "a")));
    world.beat("A", "B");
    world.replies(world.reply("1", ReplyStatus.ERROR, null));
    world.told();
    retry(RequestFilter.ALL);
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    OperationProgress progress =
        world
            .manager
            .operator()
            .delete(
                "other",
                unchangedSince(world.now.minusSeconds(1), RequestStatus.DISPATCHED),
                OperationListener.NONE);
    assertEquals(0, progress.done());
    world.letPass(Duration.ofSeconds(2));
    world
        .manager
        .operator()
        .delete(
            "other",
            unchangedSince(world.now.minusSeconds(1), RequestStatus.DISPATCHED),
            OperationListener.NONE);
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(Map.of(), world.requests.count("other", RequestFilter.ALL).byStatus());
    assertEquals(
        new OperationProgress(0, 0, 0, 0, List.of()),
        world.manager.operator().delete("unserved", RequestFilter.ALL, OperationListener.NONE));
  }

  @Test
  void retryingByNumberTouchesTheseOnly() {
    failed("1", "2", "3");
    RequestFilter second =
        new RequestFilter(null, null, null, null, null, Selection.of(Set.of(2L)), null, null, null);
    assertEquals(1, retry(second).done());
    assertEquals(List.of("GRANTED 2", ">A 2"), world.told());
  }

  @Test
  void aRequestWhoseWorkflowHasBecomeShorterSucceedsWithWhatItHas() {
    world.beat("A");
    world.submit(world.request("1", "flow"));
    world.configure(List.of(World.worker("A", "a", "b")));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    world.told();
    world.configure(
        List.of(World.worker("A", "a", "b")),
        new WorkflowConfiguration("flow", List.of(new WorkflowStep(10, "A")), true));
    assertEquals(1, retry(RequestFilter.ALL).done());
    assertEquals(List.of("SUCCESS 1"), world.told());
    assertEquals(World.content("half"), world.responses.get(world.responses.size() - 1).content());
    assertNull(world.status("1"));
  }
}
