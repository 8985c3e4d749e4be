package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.search.RequestFilter;

class PauseTest {

  private static final String PAUSED = "Dispatching to worker 'A' is paused by an operator.";

  private final World world = new World();
  private final Operator operator = world.manager.operator();

  @Test
  void nothingIsDispatchedWhilePausedAndAllAtOnceAfterwards() {
    world.beat("A", "B");
    operator.pause("A");
    assertEquals(Set.of("A"), operator.paused());
    world.submit(world.request("1", "a"), world.request("2", "flow"), world.request("3", "b"));
    assertEquals(List.of("DELAYED 1", "DELAYED 2", "GRANTED 3", ">B 3"), world.told());
    assertEquals(List.of(PAUSED), world.responses.get(0).messages());
    assertEquals(List.of(PAUSED), world.held("1").state().messages());
    world.beat("A");
    world.pass(Duration.ofSeconds(10));
    assertEquals(List.of(), world.told());
    operator.resume("A");
    world.drain();
    assertEquals(List.of("GRANTED 1", "GRANTED 2", ">A 1", ">A 2"), world.told());
    assertEquals(Set.of(), operator.paused());
  }

  @Test
  void whatHasBeenDispatchedGoesOnAndItsNextStepWaits() {
    world.beat("A", "B");
    world.submit(world.request("1", "a"), world.request("2", "flow"));
    operator.pause("A");
    operator.pause("B");
    world.told();
    world.replies(
        world.reply("1", ReplyStatus.SUCCESS, "x"), world.reply("2", ReplyStatus.SUCCESS, "half"));
    assertEquals(List.of("SUCCESS 1", "DELAYED 2"), world.told());
    operator.resume("B");
    world.drain();
    assertEquals(List.of("GRANTED 2", ">B 2"), world.told());
  }

  @Test
  void itHoldsForEveryTenant() {
    operator.configure(
        "other",
        new ConfigurationUpdate(true, List.of(World.worker("A", "a", null)), List.of(), List.of()));
    world.beat("A");
    operator.pause("A");
    world.submit(World.of("other", world.request("1", "a")));
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void otherInstancesHearOfItAtTheirNextTick() {
    AtomicInteger signals = new AtomicInteger();
    WorkerManager other = world.instance("other", world.requests, world, signals::incrementAndGet);
    other.start();
    world.beatTo(other, "A");
    World.drain(other);
    world.reports();
    operator.pause("A");
    other.tick();
    assertEquals(List.of("paused A", "paused A"), world.reports(), "one for each instance");
    other.submit(List.of(world.request("1", "a")));
    assertEquals(List.of("DELAYED 1"), world.told());
    World.drain(other);
    signals.set(0);
    operator.resume("A");
    other.tick();
    assertTrue(signals.get() > 0, "at once");
    World.drain(other);
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    assertEquals(List.of("resumed A", "resumed A"), world.reports());
  }

  @Test
  void itIsReportedOnceEachWay() {
    operator.pause("A");
    operator.pause("A");
    world.pass(Duration.ofSeconds(6));
    operator.resume("A");
    operator.resume("A");
    world.pass(Duration.ofSeconds(6));
    assertEquals(List.of("paused A", "resumed A"), world.reports());
  }

  @Test
  void itOutlastsARestart() {
    operator.pause("A");
    world.reports();
    WorkerManager next = world.started("instance");
    world.beatTo(next, "A");
    assertEquals(Set.of("A"), next.operator().paused());
    next.submit(List.of(world.request("1", "a")));
    assertEquals(List.of("DELAYED 1"), world.told());
    assertFalse(world.reports().contains("paused A"), "that is no news");
  }

  @Test
  void theReasonShownIsThatOfNow() {
    world.submit(world.request("1", "a"));
    operator.pause("A");
    assertEquals(List.of("No worker 'A' is alive."), shown());
    world.beat("A");
    assertEquals(List.of(PAUSED), shown());
  }

  private List<String> shown() {
    return operator.find(World.TENANT, "1").orElseThrow().request().state().messages();
  }

  @Test
  void aRetryWhilePausedWaits() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.replies(world.reply("1", ReplyStatus.ERROR, null));
    operator.pause("A");
    world.told();
    operator.retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(List.of("DELAYED 1"), world.told());
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, world.status("1"));
    operator.resume("A");
    world.drain();
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void whatCannotBeAWorkerTypeIsRefused() {
    for (String name : List.of("", "a b", "x".repeat(129))) {
      assertThrows(IllegalArgumentException.class, () -> operator.pause(name));
      assertThrows(IllegalArgumentException.class, () -> operator.resume(name));
    }
  }
}
