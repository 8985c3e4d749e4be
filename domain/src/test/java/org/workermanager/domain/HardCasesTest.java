package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.StoreUnavailableException;

/**
 * The hard cases of a worker manager that need neither broker nor database, each by itself. The
 * simulation meets them at random and together.
 */
class HardCasesTest {

  private final World world = new World();

  /** Another instance on the same store, with something that happens before this call of it. */
  private WorkerManager other(String method, Runnable happens) {
    WorkerManager other = world.started("other", world.before(method, happens));
    world.beatTo(other, "A");
    return other;
  }

  private void success(String id) {
    world.replies(world.reply(id, ReplyStatus.SUCCESS, "x"));
  }

  private void error(String id) {
    world.replies(world.reply(id, ReplyStatus.ERROR, null));
  }

  private void assertAllIsClosed() {
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Nested
  @DisplayName(
      "1. A worker replies before the intake call that dispatched the request has returned")
  class EarlyReply {

    @Test
    void onTheSameInstance() {
      List<WorkerManager> itself = new ArrayList<>();
      List<Reply> replies = new ArrayList<>(List.of(world.reply("1", ReplyStatus.SUCCESS, "x")));
      itself.add(
          other(
              "close",
              () -> {
                if (!replies.isEmpty()) {
                  assertEquals(List.of(), itself.get(0).replies(List.of(replies.remove(0))));
                }
              }));
      itself.get(0).submit(List.of(world.request("1", "a")));
      assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
      assertNull(world.status("1"));
      assertAllIsClosed();
    }

    @Test
    void onAnother() {
      List<Reply> reply = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
      other("close", () -> assertEquals(List.of(), world.manager.replies(reply)))
          .submit(List.of(world.request("1", "a")));
      assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
      assertNull(world.status("1"));
      assertAllIsClosed();
    }
  }

  @Test
  @DisplayName("2. The whole batch comes back, elsewhere, when some of it has finished")
  void theConnectionDropsBeforeTheBrokerConfirmed() {
    world.beat("A");
    Submission first = world.request("1", "a");
    Submission second = world.request("2", "a");
    WorkerManager dropping =
        other(
            "close",
            () -> {
              throw new StoreUnavailableException("away", null);
            });
    assertThrows(StoreUnavailableException.class, () -> dropping.submit(List.of(first, second)));
    assertEquals(List.of("GRANTED 1", "GRANTED 2", ">A 1", ">A 2"), world.told());
    success("1");
    assertEquals(List.of("SUCCESS 1"), world.told());
    world.submit(World.redelivered(first), World.redelivered(second), world.request("3", "a"));
    assertEquals(List.of("GRANTED 3", ">A 3"), world.told());
    success("2");
    assertEquals(List.of("SUCCESS 2"), world.told());
    world.submit(World.redelivered(second));
    assertEquals(List.of(), world.told());
  }

  @Nested
  @DisplayName("3. The same request id twice")
  class SameId {

    @Test
    void inOneBatch() {
      world.beat("A");
      world.submit(world.request("1", "a"), world.request("1", "a"));
      assertEquals(List.of("GRANTED 1", "SKIPPED 1", ">A 1"), world.told());
    }

    @Test
    void onTwoInstancesAtTheSameInstant() {
      List<Submission> again = new ArrayList<>(List.of(world.request("1", "a")));
      List<Leftover> leftovers = new ArrayList<>();
      other(
              "close",
              () -> {
                if (!again.isEmpty()) {
                  leftovers.addAll(world.manager.submit(List.of(again.remove(0))));
                }
              })
          .submit(List.of(world.request("1", "a")));
      assertEquals(List.of(new Leftover.Deferral(0)), leftovers);
      world.submit(world.request("1", "a"));
      assertEquals(List.of("GRANTED 1", ">A 1", "SKIPPED 1"), world.told());
    }

    @Test
    void inTwoTenants() {
      world.beat("A");
      world.manager.operator().serve("other");
      world.submit(world.request("1", "a"), World.of("other", world.request("1", "a")));
      assertEquals(List.of("GRANTED 1", "DELAYED 1", ">A 1"), world.told());
      success("1");
      assertNull(world.status("1"));
      assertTrue(world.requests.find(new RequestKey("other", "1")).isPresent());
    }
  }

  @Nested
  @DisplayName("4. A worker answers twice")
  class SecondAnswer {

    @Test
    void theLateSuccessOfAStepDoesNotPassForTheNextOnes() {
      world.beat("A", "B");
      world.submit(world.request("1", "flow"));
      String dispatch = world.held("1").state().dispatch().toString();
      Reply success = World.echoing(world.reply("1", ReplyStatus.SUCCESS, "x"), dispatch);
      world.replies(success);
      world.told();
      world.replies(World.echoing(world.reply("1", ReplyStatus.SUCCESS, "y"), dispatch));
      assertEquals(List.of(), world.told());
      success("1");
      assertEquals(List.of("SUCCESS 1"), world.told());
    }

    @Test
    void theMessageThatOpenedAStepDoesNotAnswerItWhenItComesAgain() {
      world.beat("A", "B");
      world.submit(world.request("1", "flow"));
      Reply success = world.reply("1", ReplyStatus.SUCCESS, "x");
      world.replies(success);
      world.told();
      world.replies(World.redelivered(success));
      assertEquals(List.of(), world.told());
      assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    }
  }

  @Nested
  @DisplayName("5. Answers in an order that cannot be")
  class StrangeOrder {

    @Test
    void runningAfterTheEnd() {
      world.beat("A");
      world.submit(world.request("1", "a"), world.request("2", "a"));
      success("1");
      error("2");
      world.told();
      world.replies(
          world.reply("1", ReplyStatus.RUNNING, null), world.reply("2", ReplyStatus.RUNNING, null));
      assertEquals(List.of(), world.told());
      assertEquals(RequestStatus.ERROR, world.status("2"));
    }

    @Test
    void successAfterError() {
      world.beat("A");
      world.submit(world.request("1", "a"));
      error("1");
      success("1");
      assertEquals(List.of("GRANTED 1", ">A 1", "ERROR 1", "SUCCESS 1"), world.told());
    }

    @Test
    void aDeadLetterAfterAReply() {
      world.beat("A");
      world.submit(world.request("1", "a"));
      String dispatch = world.held("1").state().dispatch().toString();
      success("1");
      world.told();
      world.manager.deadLetters(List.of(world.deadLetter("1", dispatch)));
      assertEquals(List.of(), world.told());
    }

    @Test
    void aReplyForARequestThatIsBeingDeleted() {
      world.beat("A");
      world.submit(world.request("1", "a"));
      error("1");
      other("changeFound", () -> success("1"))
          .operator()
          .delete(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
      assertEquals(List.of("GRANTED 1", ">A 1", "ERROR 1", "SUCCESS 1"), world.told());
      success("1");
      assertEquals(List.of(), world.told());
      assertAllIsClosed();
    }

    @Test
    void aReplyForARequestThatIsBeingRetried() {
      world.beat("A");
      world.submit(world.request("1", "a"));
      error("1");
      world.told();
      List<Leftover> leftovers = new ArrayList<>();
      List<Reply> late = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
      List<Reply> toCome = new ArrayList<>(late);
      WorkerManager retrying =
          world.started(
              "retrying",
              world.beforeResponding(
                  new ArrayList<>(
                      List.of(
                          () ->
                              leftovers.addAll(
                                  world.manager.replies(List.of(toCome.remove(0))))))));
      world.beatTo(retrying, "A");
      retrying.operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
      assertEquals(List.of(new Leftover.Deferral(0)), leftovers);
      world.manager.replies(late);
      assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
    }
  }

  @Nested
  @DisplayName("6. A worker type dies or lives at the wrong moment")
  class WrongMoment {

    @Test
    void theLastWorkerFallsSilentBetweenDecisionAndDispatch() {
      WorkerManager deciding =
          world.started(
              "deciding",
              world.beforeResponding(
                  new ArrayList<>(List.of(() -> world.letPass(Duration.ofSeconds(61))))));
      world.beatTo(deciding, "A");
      deciding.submit(List.of(world.request("1", "a")));
      // it is on the queue of a worker type that is silent: whoever comes next does it
      assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
      world.beat("A");
      success("1");
      assertEquals(List.of("SUCCESS 1"), world.told());
    }

    @Test
    void aTypeComesAliveWhileItsWaitingRequestsAreBeingStored() {
      WorkerManager storing =
          world.started("storing", world.before("change", () -> world.beat("A")));
      storing.submit(List.of(world.request("1", "a")));
      assertEquals(List.of("DELAYED 1"), world.told());
      // the one that has heard of it finds them, by its safety net at the latest
      world.pass(Duration.ofSeconds(6));
      assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    }
  }

  @Nested
  @DisplayName("7. The configuration changes while requests wait or are between two steps")
  class ConfigurationChanges {

    @Test
    void aContentTypeGainsAWorker() {
      world.beat("C");
      world.submit(world.request("1", "c"));
      assertEquals(List.of("DELAYED 1"), world.told());
      world.configure(List.of(World.worker("C", "c", null)));
      world.drain();
      assertEquals(List.of("GRANTED 1", ">C 1"), world.told());
    }

    @Test
    void aWorkflowLosesTheStepARequestStandsAt() {
      world.beat("A");
      world.submit(world.request("1", "flow"));
      success("1");
      assertEquals(List.of("GRANTED 1", ">A 1", "DELAYED 1"), world.told());
      world.configure(List.of(World.worker("A", "a", "b"), World.worker("B", "b", "c")));
      world.beat("B");
      assertEquals(List.of(), world.told());
      world.configure(
          List.of(World.worker("A", "a", "b"), World.worker("B", "b", "c")),
          new WorkflowConfiguration(
              "flow", List.of(new WorkflowStep(20, "B"), new WorkflowStep(10, "A")), true));
      world.drain();
      assertEquals(List.of("GRANTED 1", ">B 1"), world.told());
    }

    @Test
    void aWorkerTypeIsRenamed() {
      world.submit(world.request("1", "a"));
      world.configure(List.of(World.worker("NewA", "a", "b")));
      world.beat("A");
      assertEquals(List.of("DELAYED 1"), world.told());
      world.beat("NewA");
      assertEquals(List.of("GRANTED 1", ">NewA 1"), world.told());
    }
  }

  @Nested
  @DisplayName("8. A worker's clock is wrong")
  class WrongClock {

    private void beat(Duration ahead) {
      world.manager.heartbeats(List.of(new Heartbeat("A-1", "A", world.now.plus(ahead))));
      world.drain();
    }

    private boolean isAlive() {
      return world.manager.operator().workerTypes().stream()
          .anyMatch(type -> type.workerType().equals("A") && type.isAlive());
    }

    private void assertLivesAndDies(Duration ahead) {
      beat(ahead);
      world.pass(Duration.ofSeconds(10));
      beat(ahead);
      assertTrue(isAlive());
      world.pass(Duration.ofSeconds(61));
      assertTrue(!isAlive());
    }

    @Test
    void byMinutesAhead() {
      assertLivesAndDies(Duration.ofMinutes(5));
    }

    @Test
    void byHoursAhead() {
      assertLivesAndDies(Duration.ofHours(5));
    }

    @Test
    void byMinutesBehind() {
      assertLivesAndDies(Duration.ofMinutes(-5));
    }

    @Test
    void byHoursBehind() {
      assertLivesAndDies(Duration.ofHours(-5));
    }
  }

  @Test
  @DisplayName("10. Very many requests wait when their worker type first comes alive")
  void veryManyAreDrainedPageByPageWhileNewOnesComing() {
    World paged = World.withPagesOf(10);
    List<Submission> all = new ArrayList<>();
    IntStream.range(0, 1_000).forEach(i -> all.add(paged.request("" + i, "a")));
    paged.manager.submit(all);
    paged.told();
    paged.manager.heartbeats(List.of(new Heartbeat("A-1", "A", paged.now)));
    int pages = 0;
    while (paged.manager.dispatchWaiting()) {
      assertEquals(pages * 11 + 10, paged.dispatches.size());
      paged.submit(paged.request("new " + pages, "a"));
      pages++;
    }
    assertEquals(100, pages);
    assertEquals(1_100, paged.dispatches.size());
    assertEquals(
        IntStream.range(0, 1_000).mapToObj(Integer::toString).toList(),
        paged.dispatches.stream()
            .map(held -> held.request().key().requestId())
            .filter(id -> !id.startsWith("new"))
            .toList());
    assertEquals(List.of(), paged.requests.openBatches());
  }
}
