package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.memory.InMemoryWorkerStore;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.registry.WorkerRegistry;
import org.workermanager.domain.store.Stores;
import org.workermanager.domain.store.WorkerStore;

/** Who was alive is known after a restart. */
class WorkerMemoryTest {

  private static final Duration EXPIRY = Duration.ofSeconds(60);

  private final World world = new World();

  private static KnownWorker known(String type, String instance, Instant first, Instant last) {
    return new KnownWorker(type, instance, first, last);
  }

  private WorkerManager restarted() {
    WorkerManager next = world.started("instance");
    return next;
  }

  @Test
  void aRestartedManagerDoesNotDelayWhatAWorkerIsAliveFor() {
    world.beat("A");
    world.manager.tick();
    world.letPass(Duration.ofHours(1));
    WorkerManager next = restarted();
    next.submit(List.of(world.request("1", "a"), world.request("2", "b")));
    assertEquals(List.of("GRANTED 1", "DELAYED 2", ">A 1"), world.told());
  }

  @Test
  void itTrustsThatForOneExpiryOnly() {
    world.beat("A");
    world.manager.tick();
    WorkerManager next = restarted();
    world.reports();
    world.letPass(EXPIRY);
    next.submit(List.of(world.request("1", "a")));
    assertEquals(List.of("DELAYED 1"), world.told());
    next.tick();
    assertEquals(List.of("silent A"), world.reports());
    assertEquals(List.of(), world.workers.all(), "and remembers it no more");
  }

  @Test
  void oneThatBeatsIsAsAnyOther() {
    world.beat("A");
    Instant first = world.now;
    world.manager.tick();
    world.letPass(Duration.ofSeconds(30));
    WorkerManager next = restarted();
    world.reports();
    world.letPass(Duration.ofSeconds(30));
    world.beatTo(next, "A");
    assertEquals(List.of(), world.reports(), "it was alive all the time");
    Instant last = world.now;
    world.letPass(Duration.ofSeconds(59));
    assertEquals(
        List.of(known("A", "A-1", first, last)), next.operator().workerTypes().get(0).instances());
    world.letPass(Duration.ofSeconds(1));
    assertFalse(next.operator().workerTypes().get(0).isAlive());
  }

  @Test
  void whatWaitsIsDispatchedToThoseThatAreRemembered() {
    world.beat("A");
    world.manager.tick();
    world.manager.operator().pause("A");
    world.submit(world.request("1", "a"));
    world.configurations.resume("A");
    world.told();
    World.drain(restarted());
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void whatABrokerForgotIsDispatchedToThemAtOnce() {
    world.beat("A");
    world.manager.tick();
    world.submit(world.request("1", "a"));
    world.told();
    world.manager.brokerForgot();
    World.drain(restarted());
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
  }

  @Test
  void thoseThatFallSilentAreForgotten() {
    world.beat("A", "B");
    world.manager.tick();
    assertEquals(
        Set.of(known("A", "A-1", world.now, world.now), known("B", "B-1", world.now, world.now)),
        Set.copyOf(world.workers.all()));
    world.pass(Duration.ofSeconds(30));
    world.beat("B");
    world.pass(Duration.ofSeconds(30));
    assertEquals(List.of("B"), world.workers.all().stream().map(KnownWorker::workerType).toList());
  }

  @Test
  void anInstanceThatGoesWhileOthersOfItsTypeStayIsForgotten() {
    world.beat("A");
    world.manager.heartbeats(List.of(new Heartbeat("A-2", "A", world.now)));
    world.manager.tick();
    world.pass(Duration.ofSeconds(30));
    world.beat("A");
    world.pass(Duration.ofSeconds(30));
    assertEquals(List.of("A-1"), world.workers.all().stream().map(KnownWorker::instance).toList());
  }

  @Test
  void nothingIsWrittenWhileNothingChangesButOnceAMinute() {
    Saving saving = new Saving();
    WorkerRegistry registry = registry();
    WorkerMemory memory = memory(registry, saving);
    memory.recall();
    for (int second = 0; second < 300; second++) {
      registry.beat(new Heartbeat("A-1", "A", world.now), beat -> {});
      memory.keep();
      world.letPass(Duration.ofSeconds(1));
    }
    // the first time, and after 60, 120, 180 and 240 seconds
    assertEquals(5, saving.saves.size());
    assertEquals(world.now.minusSeconds(60), saving.all().get(0).lastBeat());
    assertEquals(world.now.minusSeconds(300), saving.all().get(0).firstBeat());
  }

  @Test
  void aManagerThatHearsNothingDoesNotHaveThoseForgottenThatOthersHear() {
    WorkerManager deaf = world.started("deaf");
    Heartbeat beat = new Heartbeat("A-1", "A", world.now);
    world.manager.heartbeats(List.of(beat));
    deaf.heartbeats(List.of(beat));
    for (int i = 0; i < 20; i++) {
      world.pass(Duration.ofSeconds(10));
      world.beat("A");
      deaf.tick();
      assertEquals(1, world.workers.all().size());
    }
    assertFalse(deaf.operator().workerTypes().get(0).isAlive());
  }

  @Test
  void whatIsRememberedIsNotWrittenAgain() {
    Saving saving = new Saving();
    saving.kept.save(List.of(known("A", "A-1", world.now, world.now)), List.of());
    WorkerMemory memory = memory(registry(), saving);
    memory.recall();
    memory.keep();
    assertEquals(List.of(), saving.saves);
  }

  @Test
  void whatAnotherManagerForgotComesBackWithinAMinute() {
    world.beat("A");
    world.manager.tick();
    WorkerManager deaf = world.started("deaf");
    for (int i = 0; i < 3; i++) {
      world.letPass(Duration.ofSeconds(20));
      world.beat("A");
    }
    deaf.tick();
    assertEquals(List.of(), world.workers.all(), "for want of beats");
    world.manager.tick();
    assertEquals(List.of("A-1"), world.workers.all().stream().map(KnownWorker::instance).toList());
    world.letPass(Duration.ofSeconds(59));
    world.beat("A");
    deaf.tick();
    assertEquals(1, world.workers.all().size(), "what is not known is not forgotten either");
  }

  @Test
  void twoManagersRememberWhatEitherHears() {
    WorkerManager other = world.started("other");
    world.beat("A");
    world.beatTo(other, "B");
    world.manager.tick();
    other.tick();
    WorkerManager next = restarted();
    assertEquals(
        List.of("A", "B"),
        next.operator().workerTypes().stream().map(type -> type.workerType()).toList());
    assertTrue(next.operator().workerTypes().stream().allMatch(type -> type.isAlive()));
  }

  private WorkerRegistry registry() {
    return new WorkerRegistry(EXPIRY, () -> world.now, this::nanos);
  }

  private long nanos() {
    return Duration.between(Instant.EPOCH, world.now).toNanos();
  }

  private WorkerMemory memory(WorkerRegistry registry, WorkerStore store) {
    Stores stores =
        new Stores(world.requests, world.requests, world.configurations, store, world.leases);
    return new WorkerMemory(
        registry,
        new Ports(
            stores,
            world,
            Monitor.NONE,
            () -> world.now,
            this::nanos,
            new SplittableRandom(1),
            () -> {}));
  }

  /** Counts how often it is written to. */
  private static final class Saving implements WorkerStore {

    final List<Collection<KnownWorker>> saves = new ArrayList<>();
    private final InMemoryWorkerStore kept = new InMemoryWorkerStore();

    @Override
    public List<KnownWorker> all() {
      return kept.all();
    }

    @Override
    public void save(Collection<KnownWorker> alive, Collection<KnownWorker> gone) {
      saves.add(alive);
      kept.save(alive, gone);
    }
  }
}
