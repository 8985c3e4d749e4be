package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.store.SearchTooLongException;

/** Requests that were sent and are not answered. */
class OverdueTest {

  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** How often such a time-out is looked after. */
  private static final Duration LOOK = Duration.ofSeconds(30);

  private static final Duration EXPIRY = Duration.ofSeconds(60);
  private static final String ALIVE =
      "overdue tenant A 1: A worker 'A' is alive and may be working on them.";
  private static final String IN_QUEUE =
      "overdue tenant A 1: No worker 'A' is alive, but its queue still has messages or consumers:"
          + " they may be among them.";
  private static final String NOT_KNOWN =
      "overdue tenant A 1: Whether a worker 'A' is alive is not known yet.";

  private final World world = new World();

  private static WorkerConfiguration worker(String type, String input, Duration timeout) {
    return new WorkerConfiguration(type, List.of(input), null, true, timeout);
  }

  private void dispatched(String... ids) {
    world.beat("A");
    for (String id : ids) {
      world.submit(world.request(id, "a"));
    }
    world.told();
    world.reports();
  }

  private void configure(Duration timeout) {
    world.configure(List.of(worker("A", "a", timeout)));
  }

  /** Time passes while the worker beats on. */
  private void passAlive(Duration time) {
    for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minusSeconds(30)) {
      world.pass(Duration.ofSeconds(30));
      world.beat("A");
    }
  }

  @Test
  void itIsOffUnlessConfigured() {
    dispatched("1");
    world.pass(Duration.ofDays(300));
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(List.of(), world.told());
    assertEquals(Map.of(), world.manager.operator().overdue());
  }

  @Test
  void whatNobodyIsLeftToAnswerWaitsAndIsDispatchedAnew() {
    configure(TIMEOUT);
    dispatched("1");
    world.pass(TIMEOUT.minusSeconds(1));
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    world.pass(LOOK);
    assertEquals(List.of("DELAYED 1"), world.told());
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    assertEquals(
        List.of(
            "No worker 'A' is alive, and none has answered within PT5M: it waits to be dispatched"
                + " again."),
        world.held("1").state().messages());
    assertEquals(Map.of(), world.manager.operator().overdue());
    assertEquals(List.of("silent A"), world.reports(), "nothing is left to be looked at");
    assertEquals(List.of(), world.requests.openBatches());
    world.beat("A");
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(World.content("content 1"), world.dispatches.get(1).content());
  }

  @Test
  void aRunningOneIsOverdueFromWhenItBegan() {
    configure(TIMEOUT);
    dispatched("1");
    world.pass(Duration.ofMinutes(4));
    world.replies(world.reply("1", ReplyStatus.RUNNING, null));
    world.pass(Duration.ofMinutes(4));
    assertEquals(RequestStatus.RUNNING, world.status("1"));
    world.replies(world.reply("1", ReplyStatus.RUNNING, null));
    world.pass(Duration.ofMinutes(1));
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void whatIsAtRestIsNeverOverdue() {
    configure(TIMEOUT);
    dispatched("1", "2");
    world.replies(
        world.reply("1", ReplyStatus.ERROR, null),
        world.reply("2", ReplyStatus.INVALID_CONTENT, null));
    world.told();
    world.pass(Duration.ofHours(1));
    assertEquals(List.of(), world.told());
    assertEquals(RequestStatus.ERROR, world.status("1"));
    assertEquals(RequestStatus.INVALID_CONTENT, world.status("2"));
  }

  @Test
  void aBusyWorkerThatStillBeatsNeverLosesItsWork() {
    configure(TIMEOUT);
    dispatched("1");
    passAlive(Duration.ofMinutes(20));
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(List.of(), world.told());
    assertEquals(List.of(ALIVE), world.reports(), "once");
    assertEquals(Map.of("A", 1L), world.manager.operator().overdue());
    world.pass(Duration.ofSeconds(5));
    assertEquals(Map.of("A", 1L), world.manager.operator().overdue(), "until it is looked again");
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    world.pass(LOOK);
    assertEquals(Map.of(), world.manager.operator().overdue());
    assertEquals(List.of(), world.reports());
  }

  @Test
  void nothingHappensWhileTheMessageMayBeInTheQueue() {
    for (QueueState occupied : List.of(new QueueState(1, 0), new QueueState(0, 1))) {
      World one = new World();
      one.configure(List.of(worker("A", "a", TIMEOUT)));
      one.beat("A");
      one.submit(one.request("1", "a"));
      one.told();
      one.reports();
      one.queues.put("A", occupied);
      one.pass(Duration.ofMinutes(6));
      one.pass(Duration.ofMinutes(6));
      assertEquals(List.of(), one.told());
      assertEquals(List.of("silent A", IN_QUEUE), one.reports());
      assertEquals(Map.of("A", 1L), one.manager.operator().overdue());
      one.queues.remove("A");
      one.pass(LOOK);
      assertEquals(List.of("DELAYED 1"), one.told());
      assertEquals(Map.of(), one.manager.operator().overdue());
    }
  }

  @Test
  void aChangedReasonIsReported() {
    configure(TIMEOUT);
    dispatched("1");
    passAlive(Duration.ofMinutes(6));
    world.queues.put("A", new QueueState(1, 0));
    world.pass(EXPIRY);
    assertEquals(List.of(ALIVE, "silent A", IN_QUEUE), world.reports());
  }

  @Test
  void nothingHappensUntilHeartbeatsHaveBeenListenedToForOneExpiry() {
    configure(TIMEOUT);
    dispatched("1");
    world.letPass(Duration.ofMinutes(10));
    world.manager.listening();
    world.pass(EXPIRY.minusSeconds(1));
    assertEquals(List.of(), world.told());
    assertEquals(List.of("silent A", NOT_KNOWN), world.reports());
    world.manager.listening();
    world.pass(EXPIRY.minusSeconds(1));
    assertEquals(List.of(), world.told(), "it has begun again");
    world.pass(LOOK);
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void aManagerThatHasJustStartedDoesNotKnowEither() {
    configure(TIMEOUT);
    dispatched("1");
    world.pass(Duration.ofMinutes(2));
    world.letPass(Duration.ofMinutes(10));
    WorkerManager next = world.started("instance");
    world.reports();
    world.letPass(EXPIRY.minusSeconds(1));
    next.tick();
    next.lookForOverdue();
    assertEquals(List.of(NOT_KNOWN), world.reports());
    world.letPass(LOOK);
    next.tick();
    next.lookForOverdue();
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void aLateAnswerCountsWhileItWaitsAndNoMoreOnceItIsDispatchedAnew() {
    configure(TIMEOUT);
    dispatched("1", "2");
    Reply first = World.echoing(world.reply("1", ReplyStatus.SUCCESS, "x"), dispatch(0));
    Reply second = World.echoing(world.reply("2", ReplyStatus.SUCCESS, "x"), dispatch(1));
    world.pass(Duration.ofMinutes(6));
    assertEquals(List.of("DELAYED 1", "DELAYED 2"), world.told());
    world.replies(first);
    assertEquals(List.of("SUCCESS 1"), world.told());
    world.beat("A");
    assertEquals(List.of("GRANTED 2", ">A 2"), world.told());
    world.reports();
    world.replies(second);
    assertEquals(List.of("LATE 2"), world.reports());
    assertEquals(RequestStatus.DISPATCHED, world.status("2"));
    world.replies(World.echoing(world.reply("2", ReplyStatus.SUCCESS, "x"), dispatch(2)));
    assertEquals(List.of("SUCCESS 2"), world.told());
  }

  private String dispatch(int index) {
    return world.dispatches.get(index).request().state().dispatch().toString();
  }

  @Test
  void aWorkerTypeWhoseNameContainsAnotherIsNotMeant() {
    world.configure(
        List.of(worker("A", "a", TIMEOUT), worker("AA", "aa", null), worker("BA", "ba", null)));
    world.beat("A", "AA", "BA");
    world.submit(
        world.request("1", "aa"),
        world.request("2", "a"),
        world.request("3", "ba"),
        world.request("4", "a"));
    world.told();
    world.pass(Duration.ofMinutes(6));
    assertEquals(List.of("DELAYED 2", "DELAYED 4"), world.told());
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    assertEquals(RequestStatus.DISPATCHED, world.status("3"));
  }

  @Test
  void everyTypeHasItsOwnTime() {
    world.configure(List.of(worker("A", "a", Duration.ofMinutes(10)), worker("AA", "aa", TIMEOUT)));
    world.beat("A", "AA");
    world.submit(world.request("1", "a"), world.request("2", "aa"));
    world.told();
    world.pass(Duration.ofMinutes(6));
    assertEquals(List.of("DELAYED 2"), world.told());
    world.pass(Duration.ofMinutes(5));
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void manyGoPageByPage() {
    World paged = World.withPagesOf(2);
    paged.configure(List.of(worker("A", "a", TIMEOUT), worker("AA", "aa", null)));
    paged.beat("A", "AA");
    for (int i = 1; i <= 7; i++) {
      // pages of which some have nothing overdue
      paged.submit(paged.request("" + i, i == 3 || i == 4 ? "aa" : "a"));
    }
    paged.told();
    paged.pass(Duration.ofMinutes(6));
    assertEquals(
        List.of("DELAYED 1", "DELAYED 2", "DELAYED 5", "DELAYED 6", "DELAYED 7"), paged.told());
    paged.beat("A");
    assertEquals(10, paged.told().size());
  }

  @Test
  void allOfThemAreCounted() {
    World paged = World.withPagesOf(2);
    paged.configure(List.of(worker("A", "a", TIMEOUT)));
    paged.beat("A");
    for (int i = 1; i <= 7; i++) {
      paged.submit(paged.request("" + i, "a"));
    }
    paged.replies(paged.reply("4", ReplyStatus.RUNNING, null));
    paged.reports();
    paged.queues.put("A", new QueueState(0, 1));
    paged.pass(Duration.ofMinutes(6));
    assertEquals(Map.of("A", 7L), paged.manager.operator().overdue());
    assertEquals(List.of("silent A", IN_QUEUE.replace("A 1:", "A 7:")), paged.reports());
  }

  @Test
  void everyTenantHasItsOwnTime() {
    configure(TIMEOUT);
    world
        .manager
        .operator()
        .configure(
            "other",
            new ConfigurationUpdate(
                true, List.of(worker("A", "a", Duration.ofMinutes(10))), List.of(), List.of()));
    world.beat("A");
    world.submit(world.request("1", "a"), World.of("other", world.request("2", "a")));
    world.told();
    world.reports();
    world.pass(Duration.ofMinutes(6));
    assertEquals(List.of("DELAYED 1"), world.told());
    world.queues.put("A", new QueueState(1, 0));
    world.pass(Duration.ofMinutes(5));
    assertEquals(List.of(), world.told());
    assertEquals(Map.of("A", 1L), world.manager.operator().overdue());
    assertEquals(List.of("silent A", IN_QUEUE.replace("tenant A", "other A")), world.reports());
  }

  @Test
  void theCountsOfAllTenantsAreAddedUp() {
    configure(TIMEOUT);
    world
        .manager
        .operator()
        .configure(
            "other",
            new ConfigurationUpdate(
                true, List.of(worker("A", "a", TIMEOUT)), List.of(), List.of()));
    world.beat("A");
    world.submit(world.request("1", "a"), World.of("other", world.request("1", "a")));
    world.queues.put("A", new QueueState(1, 0));
    world.pass(Duration.ofMinutes(6));
    assertEquals(Map.of("A", 2L), world.manager.operator().overdue());
  }

  @Test
  void aTenantThatHoldsTooMuchToBeCountedHoldsUpNoOther() {
    // whichever of them is looked at first
    assertOnlyTheOtherWaits(World.TENANT, "DELAYED in other");
    assertOnlyTheOtherWaits("other", "DELAYED in " + World.TENANT);
  }

  private static void assertOnlyTheOtherWaits(String tooMuchToCount, String told) {
    World world = new World();
    for (String tenant : List.of(World.TENANT, "other")) {
      world
          .manager
          .operator()
          .configure(
              tenant,
              new ConfigurationUpdate(
                  true, List.of(worker("A", "a", TIMEOUT)), List.of(), List.of()));
    }
    world.beat("A");
    for (String tenant : List.of(World.TENANT, "other")) {
      world.submit(World.of(tenant, world.request("in " + tenant, "a")));
    }
    world.told();
    world.tooMuchToCount = tooMuchToCount;
    assertThrows(SearchTooLongException.class, () -> world.pass(Duration.ofMinutes(6)));
    assertEquals(List.of(told), world.told());
  }

  @Test
  void aStepOfAWorkflowIsRepeatedWithItsOwnContent() {
    WorkerConfiguration first = new WorkerConfiguration("A", List.of("a"), "b", true, null);
    world
        .manager
        .operator()
        .configure(
            World.TENANT,
            new ConfigurationUpdate(
                false, List.of(first, worker("B", "b", TIMEOUT)), List.of(), List.of()));
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    world.told();
    world.pass(Duration.ofMinutes(6));
    assertEquals(List.of("DELAYED 1"), world.told());
    world.beat("A");
    assertEquals(List.of(), world.told());
    world.beat("B");
    assertEquals(List.of("GRANTED 1", ">B 1"), world.told());
    assertEquals(World.content("half"), world.dispatches.get(2).content());
    assertEquals(Map.of("k", "v"), world.dispatches.get(2).request().state().additionalHeaders());
  }

  @Test
  void aReplyBetweenFindingAndLockingWins() {
    configure(TIMEOUT);
    dispatched("1", "2");
    WorkerManager other =
        world.started(
            "other",
            world.before(
                "changeFound", () -> world.replies(world.reply("1", ReplyStatus.RUNNING, null))));
    world.letPass(Duration.ofMinutes(6));
    other.tick();
    other.lookForOverdue();
    assertEquals(List.of("DELAYED 2"), world.told());
    assertEquals(RequestStatus.RUNNING, world.status("1"));
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAskedAgain() {
    configure(TIMEOUT);
    dispatched("1");
    world.publicationsLeft = 0;
    assertThrows(BrokerUnavailableException.class, () -> world.pass(Duration.ofMinutes(6)));
    world.publicationsLeft = 100;
    world.pass(LOOK);
    assertEquals(List.of("DELAYED 1"), world.told());
    world.beat("A");
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void aQueueThatCannotBeLookedAtIsLookedAtLater() {
    configure(TIMEOUT);
    dispatched("1");
    world.queuesUnknown = true;
    assertThrows(BrokerUnavailableException.class, () -> world.pass(Duration.ofMinutes(6)));
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
    world.queuesUnknown = false;
    world.pass(LOOK);
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void itIsNoticedWithinATenthOfTheTimeOutAndAtMostAMinute() {
    world.configure(
        List.of(worker("A", "a", Duration.ofMinutes(2)), worker("B", "b", Duration.ofHours(2))));
    // so that no look is due just when the time-outs end
    world.pass(Duration.ofSeconds(6));
    world.pass(Duration.ofSeconds(395));
    world.beat("A", "B");
    world.submit(world.request("1", "a"), world.request("2", "b"));
    Instant sent = world.now;
    world.told();
    Map<String, Duration> noticed = new HashMap<>();
    while (noticed.size() < 2) {
      world.pass(Duration.ofSeconds(5));
      world.told().forEach(told -> noticed.put(told, Duration.between(sent, world.now)));
    }
    assertTrue(noticed.get("DELAYED 1").compareTo(Duration.ofSeconds(120 + 12 + 5)) <= 0);
    assertTrue(noticed.get("DELAYED 2").compareTo(Duration.ofHours(2).plusSeconds(60 + 5)) <= 0);
  }

  @Test
  void whatComesBackBetweenTwoPagesKeepsTheRest() {
    World paged = World.withPagesOf(2);
    paged.configure(List.of(worker("A", "a", TIMEOUT)));
    paged.beat("A");
    for (int i = 1; i <= 5; i++) {
      paged.submit(paged.request("" + i, "a"));
    }
    paged.told();
    paged.reports();
    WorkerManager other =
        paged.instance(
            "other",
            paged.before("changeFound", () -> paged.queues.put("A", new QueueState(0, 1))),
            paged,
            () -> {});
    other.start();
    paged.letPass(Duration.ofMinutes(6));
    other.tick();
    other.lookForOverdue();
    assertEquals(List.of("DELAYED 1", "DELAYED 2"), paged.told());
    paged.letPass(LOOK);
    other.tick();
    other.lookForOverdue();
    assertEquals(List.of(IN_QUEUE.replace("A 1:", "A 3:")), paged.reports());
  }

  @Test
  void aWorkerThatComesBackWhileItIsBeingReturnedGetsIt() {
    configure(TIMEOUT);
    dispatched("1");
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
    world.letPass(Duration.ofMinutes(6));
    other.tick();
    other.lookForOverdue();
    World.drain(other);
    assertEquals(List.of("DELAYED 1", "GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void aTimeOutThatIsTakenAwayIsOverdueNoMore() {
    configure(TIMEOUT);
    dispatched("1");
    passAlive(Duration.ofMinutes(6));
    assertEquals(Map.of("A", 1L), world.manager.operator().overdue());
    configure(null);
    world.pass(LOOK);
    assertEquals(Map.of(), world.manager.operator().overdue(), "no time-out any more");
  }
}
