package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreRefusedException;
import org.workermanager.domain.store.StoreUnavailableException;

/** Several instances on one store: who publishes what, and in which order. */
class LeaseTest {

  private static final Duration A_LITTLE = Duration.ofSeconds(1);

  private final World world = new World();

  /** What happens, once each, just before the other instance publishes responses. */
  private final List<Runnable> whileOtherResponds = new ArrayList<>();

  private final WorkerManager other = startedAs("other");

  private WorkerManager startedAs(String name) {
    WorkerManager manager = world.started(name, world.beforeResponding(whileOtherResponds));
    world.beatTo(manager, "A");
    return manager;
  }

  /** Time passes for the first instance, and stands still for the other one, which is stopped. */
  private void passWithoutOther(Duration time) {
    for (Duration left = time; !left.isZero(); left = left.minus(A_LITTLE)) {
      world.now = world.now.plus(A_LITTLE);
      world.manager.renewLease();
      world.manager.tick();
    }
  }

  private void otherFailsToRespondTo(Runnable work) {
    whileOtherResponds.add(
        () -> {
          throw new BrokerUnavailableException("away", null);
        });
    assertThrows(BrokerUnavailableException.class, work::run);
  }

  @Test
  void whatADeadInstanceLeftOpenIsFinishedByAnother() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    passWithoutOther(Lease.LENGTH.minus(A_LITTLE));
    assertEquals(List.of(), world.told());
    passWithoutOther(Duration.ofSeconds(10));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
    assertEquals(List.of("silent other"), instancesReported());
  }

  private List<String> instancesReported() {
    return world.reports().stream().filter(report -> report.startsWith("silent other")).toList();
  }

  @Test
  void anEndedInstanceIsNotWaitedFor() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    other.end();
    passWithoutOther(Duration.ofSeconds(5));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertThrows(
        StoreUnavailableException.class, () -> other.submit(List.of(world.request("2", "a"))));
  }

  @Test
  void aProcessOfTheSameNameTakesOverAtOnce() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    startedAs("other");
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void onAStoreOfItsOwnAProcessTakesOverAllAtOnce() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    startedAs("third").takeUpAll();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void anInstanceThatWasStoppedPublishesNothingUntilItsLeaseIsRenewed() {
    world.now = world.now.plus(Lease.USE);
    assertThrows(
        StoreUnavailableException.class, () -> other.submit(List.of(world.request("1", "a"))));
    assertEquals(List.of(), world.told());
    other.renewLease();
    other.submit(List.of(world.request("1", "a")));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void itIsSaidWhyThereIsNoLease() {
    WorkerManager third = world.instance("third", world.requests, world, () -> {});
    assertRefused("call start()", third);
    third.start();
    world.now = world.now.plus(Lease.USE);
    assertRefused("was not renewed for 10 s", third);
    third.end();
    assertRefused("nothing after end()", third);
  }

  private void assertRefused(String because, WorkerManager manager) {
    StoreUnavailableException refusal =
        assertThrows(
            StoreUnavailableException.class,
            () -> manager.submit(List.of(world.request("1", "a"))));
    assertTrue(refusal.getMessage().contains(because), refusal::getMessage);
  }

  @Test
  void anInstanceThatWasStoppedWithAMessageInHandDoesNotTakeItAgain() {
    Submission request = world.request("1", "a");
    WorkerManager stopped =
        world.started(
            "stopped",
            world.before(
                "change",
                () -> {
                  // the broker has given the message to another one meanwhile
                  passWithoutOther(Lease.LENGTH.plusSeconds(10));
                  world.beat("A");
                  world.submit(World.redelivered(request));
                  world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
                }));
    world.told();
    assertThrows(StoreUnavailableException.class, () -> stopped.submit(List.of(request)));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
  }

  @Test
  void whatTheBrokerHasGivenToAnotherOneMeanwhileIsNotTakenHere() {
    Submission request = world.request("1", "a");
    world.beat("A");
    AtomicBoolean inHand = new AtomicBoolean(true);
    WorkerManager slow =
        losesItsMessages(
            inHand,
            () -> {
              world.submit(World.redelivered(request));
              world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
            });
    assertThrows(
        BrokerUnavailableException.class, () -> slow.submit(List.of(request), inHand::get));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
    slow.check();
    assertEquals(List.of(), world.told());
  }

  @Test
  void whatWentBackToTheBrokerIsNotSkippedHere() {
    assertThrows(
        BrokerUnavailableException.class,
        () -> other.submit(List.of(world.request("1", "skipped")), () -> false));
    assertEquals(List.of(), world.told());
  }

  @Test
  void aReplyThatTheBrokerHasGivenToAnotherOneMeanwhileDoesNotAnswerTheNextStep() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    Reply success = world.reply("1", ReplyStatus.SUCCESS, "x");
    AtomicBoolean inHand = new AtomicBoolean(true);
    WorkerManager slow = losesItsMessages(inHand, () -> world.replies(World.redelivered(success)));
    assertThrows(
        BrokerUnavailableException.class, () -> slow.replies(List.of(success), inHand::get));
    assertEquals(List.of("GRANTED 1", ">A 1", "GRANTED 1", ">B 1"), world.told());
    assertEquals(RequestStatus.DISPATCHED, world.status("1"));
  }

  /** The broker gives its messages to another one when it is about to store them. */
  private WorkerManager losesItsMessages(AtomicBoolean inHand, Runnable anotherTakesThem) {
    RequestStore requests =
        world.before(
            "change",
            () -> {
              inHand.set(false);
              anotherTakesThem.run();
            });
    WorkerManager slow = world.started("slow", requests);
    return slow;
  }

  @Test
  void aBatchIsNotClosedUntoldWhenItIsCommittedJustAfterItWasLookedFor() {
    List<Runnable> underWay = new ArrayList<>();
    RequestStore slow =
        world.before(
            "close",
            () -> {
              underWay.forEach(Runnable::run);
              underWay.clear();
            });
    WorkerManager manager = world.started("slow", committingLater(slow, underWay));
    assertThrows(
        StoreUnavailableException.class, () -> manager.submit(List.of(world.request("1", "a"))));
    manager.check();
    underWay.forEach(Runnable::run);
    world.letPass(Duration.ofSeconds(5));
    manager.tick();
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  /** Its first change is only committed when that is run. */
  private static RequestStore committingLater(RequestStore store, List<Runnable> commits) {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    return (RequestStore)
        Proxy.newProxyInstance(
            LeaseTest.class.getClassLoader(),
            new Class<?>[] {RequestStore.class},
            (self, called, arguments) -> {
              if (called.getName().equals("change") && isFirst.getAndSet(false)) {
                commits.add(() -> invoke(called, store, arguments));
                throw new StoreUnavailableException("away", null);
              }
              return invoke(called, store, arguments);
            });
  }

  private static Object invoke(Method method, Object on, Object[] arguments) {
    try {
      return method.invoke(on, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Test
  void anInstanceThatIsStoppedWhilePublishingDoesNotGoOn() {
    whileOtherResponds.add(() -> passWithoutOther(Lease.LENGTH.plusSeconds(10)));
    assertThrows(
        BrokerUnavailableException.class, () -> other.submit(List.of(world.request("1", "a"))));
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    other.renewLease();
    other.tick();
    assertEquals(List.of(), world.told());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void anInstanceThatLostItsLeaseFinishesNothingThatIsStillOpenUnderIt() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    world.leases.endOf("other");
    other.renewLease();
    other.check();
    assertEquals(List.of(), world.told());
    // it is abandoned now: whoever comes first, and be it this one, takes it over
    world.letPass(Duration.ofSeconds(5));
    other.tick();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void afterTheStoreWasAwayEveryoneHasTimeToRenew() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    world.now = world.now.plus(Duration.ofMinutes(5));
    world.manager.renewLease();
    passWithoutOther(Lease.LENGTH.minus(A_LITTLE));
    assertEquals(List.of(), world.told());
    other.renewLease();
    passWithoutOther(Duration.ofSeconds(5));
    assertEquals(List.of(), world.told());
    other.tick();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void aReplyToADispatchThatIsTakenOverWaitsUntilTheDispatchIsRepeated() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    List<Reply> reply = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
    WorkerManager third = startedAs("third");
    world.leases.endOf("other");
    whileOtherResponds.add(
        () -> assertEquals(List.of(new Leftover.Deferral(0)), world.manager.replies(reply)));
    world.letPass(Duration.ofSeconds(5));
    third.tick();
    assertEquals(List.of(), world.manager.replies(reply));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
  }

  @Test
  void aReplyToADispatchThatIsStillOpenElsewhereIsTakenAtOnce() {
    world.beat("A");
    List<Reply> reply = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
    beforeClosing(() -> assertEquals(List.of(), world.manager.replies(reply)))
        .submit(List.of(world.request("1", "a")));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
    assertEquals(null, world.status("1"));
  }

  @Test
  void anErrorIsToldBeforeTheSuccessThatAnotherInstanceHearsOf() {
    other.submit(List.of(world.request("1", "a")));
    List<Reply> success = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
    whileOtherResponds.add(
        () -> assertEquals(List.of(new Leftover.Deferral(0)), world.manager.replies(success)));
    other.replies(List.of(world.reply("1", ReplyStatus.ERROR, null)));
    assertEquals(RequestStatus.ERROR, world.status("1"));
    assertEquals(List.of(), world.manager.replies(success));
    assertEquals(List.of("GRANTED 1", ">A 1", "ERROR 1", "SUCCESS 1"), world.told());
  }

  @Test
  void anOldReplyAfterARetryElsewhereComesAfterTheGrant() {
    other.submit(List.of(world.request("1", "a")));
    other.replies(List.of(world.reply("1", ReplyStatus.ERROR, null)));
    world.told();
    List<Reply> late = List.of(world.reply("1", ReplyStatus.SUCCESS, "x"));
    whileOtherResponds.add(
        () -> assertEquals(List.of(new Leftover.Deferral(0)), world.manager.replies(late)));
    other.operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(List.of(), world.manager.replies(late));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
  }

  @Test
  void theSameIdOnTwoInstancesAtOnceIsGrantedBeforeItIsSkipped() {
    whileOtherResponds.add(
        () ->
            assertEquals(
                List.of(new Leftover.Deferral(0)),
                world.manager.submit(List.of(world.request("1", "a")))));
    other.submit(List.of(world.request("1", "a")));
    assertEquals(List.of(), world.manager.submit(List.of(world.request("1", "a"))));
    assertEquals(List.of("GRANTED 1", ">A 1", "SKIPPED 1"), world.told());
  }

  @Test
  void anIdIsFreeOnceItsRequesterHasHeardTheEnd() {
    other.submit(List.of(world.request("1", "a")));
    whileOtherResponds.add(
        () ->
            assertEquals(
                List.of(new Leftover.Deferral(1)),
                world.manager.submit(List.of(world.request("2", "a"), world.request("1", "a")))));
    other.replies(List.of(world.reply("1", ReplyStatus.SUCCESS, "x")));
    assertEquals(List.of("GRANTED 1", ">A 1", "DELAYED 2", "SUCCESS 1"), world.told());
    world.manager.submit(List.of(world.request("1", "a")));
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  /** The other instance, but for what happens each time just before it closes a batch. */
  private WorkerManager beforeClosing(Runnable happens) {
    WorkerManager manager = world.started("closing", world.before("close", happens));
    world.beatTo(manager, "A");
    return manager;
  }

  @Test
  void anIdIsNotFreeUntilTheBatchIsClosed() {
    List<List<Leftover>> leftovers = new ArrayList<>();
    List<WorkerManager> itself = new ArrayList<>();
    itself.add(
        beforeClosing(
            () -> {
              if (leftovers.isEmpty() && world.status("1") == null) {
                leftovers.add(List.of());
                leftovers.add(itself.get(0).submit(List.of(world.request("1", "a"))));
              }
            }));
    other.submit(List.of(world.request("1", "a")));
    itself.get(0).replies(List.of(world.reply("1", ReplyStatus.SUCCESS, "x")));
    assertEquals(List.of(new Leftover.Deferral(0)), leftovers.get(1));
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
  }

  @Test
  void anAnswerToARepeatedDispatchNeedNotWaitForTheBatchThatHasToldOfIt() {
    other.submit(List.of(world.request("1", "a")));
    other.replies(List.of(world.reply("1", ReplyStatus.ERROR, null)));
    world.told();
    List<Reply> replies = new ArrayList<>(List.of(world.reply("1", ReplyStatus.SUCCESS, "x")));
    List<WorkerManager> itself = new ArrayList<>();
    itself.add(
        beforeClosing(
            () -> {
              if (!replies.isEmpty()) {
                List<Reply> reply = List.of(replies.remove(0));
                assertEquals(List.of(), itself.get(0).replies(reply));
              }
            }));
    itself.get(0).operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(List.of("GRANTED 1", ">A 1", "SUCCESS 1"), world.told());
  }

  @Test
  void whatAnInstanceCannotPublishForLongIsFinishedByAnother() {
    other.submit(List.of(world.request("1", "a")));
    world.told();
    WorkerManager cutOff =
        world.started(
            "cutOff",
            world.beforeResponding(
                new ArrayList<>(
                    Collections.nCopies(
                        1_000,
                        () -> {
                          throw new BrokerUnavailableException("away", null);
                        }))));
    world.beatTo(cutOff, "A");
    assertThrows(
        BrokerUnavailableException.class, () -> cutOff.submit(List.of(world.request("2", "a"))));
    for (int i = 0; i < 60; i++) {
      world.letPass(A_LITTLE);
      try {
        cutOff.tick();
      } catch (BrokerUnavailableException e) {
        // as expected
      }
      world.manager.tick();
    }
    assertEquals(List.of("GRANTED 2", ">A 2"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void whatWasGivenUpIsTakenBackAsSoonAsTheBrokerAnswers() {
    otherFailsToRespondTo(() -> other.submit(List.of(world.request("1", "a"))));
    for (Duration past = Duration.ZERO;
        past.compareTo(Lease.LENGTH) <= 0;
        past = past.plus(A_LITTLE)) {
      world.letPass(A_LITTLE);
    }
    other.check();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void nothingOvertakesWhatIsDeferredWhileARefusedMessageIsLookedFor() {
    world.submit(world.request("1", "a"));
    world.beat("A");
    otherFailsToRespondTo(() -> other.replies(List.of(world.reply("1", ReplyStatus.ERROR, null))));
    Deque<Runnable> beforeChanges =
        new ArrayDeque<>(
            List.of(
                () -> {
                  throw new StoreRefusedException("too long", null);
                },
                () -> {},
                // when the first half has been deferred
                other::tick));
    WorkerManager third =
        world.started("third", world.before("change", () -> beforeChanges.remove().run()));
    assertEquals(
        List.of(new Leftover.Deferral(0), new Leftover.Deferral(1)),
        third.replies(
            List.of(
                world.reply("1", ReplyStatus.INVALID_CONTENT, null),
                world.reply("1", ReplyStatus.SUCCESS, "x"))));
  }
}
