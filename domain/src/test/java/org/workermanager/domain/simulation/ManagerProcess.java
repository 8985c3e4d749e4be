package org.workermanager.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.workermanager.domain.Ports;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreUnavailableException;
import org.workermanager.domain.store.Stores;
import org.workermanager.domain.store.WorkerStore;

/**
 * A process that runs a manager: what a program around it does on several threads, consuming,
 * acknowledging, ticking, connecting again after trouble, is done here one step at a time.
 */
final class ManagerProcess {

  private static final Duration CALL = Duration.ofMillis(1);

  private final History history;
  private final String name;
  final HeardWorkers heardWorkers;
  final FaultyPublisher publisher;
  final WorkerManager manager;
  private final Locks locks;
  private final Consumption consumption;

  /** What goes on in it, from the outermost call to the innermost. */
  private final Set<Lane> busy = EnumSet.noneOf(Lane.class);

  private final Set<String> remembered = new TreeSet<>();
  private Lane lane;
  private Duration clockError = Duration.ZERO;
  private long progress;
  private boolean dead;
  private boolean stopped;
  private boolean begun;
  private boolean signalled;

  ManagerProcess(History history, String name) {
    this.history = history;
    this.name = name;
    heardWorkers = new HeardWorkers(history);
    publisher = new FaultyPublisher(history, this);
    manager = new WorkerManager(history.plan.settings(name), ports());
    locks = new Locks(manager);
    consumption = new Consumption(history, this);
  }

  private Ports ports() {
    Database shared = history.database;
    FaultyDatabase database = new FaultyDatabase(history, this);
    RequestStore requestStore =
        new FaultyRequestStore(
            history.sabotage.database().apply(shared.requests), database, history, this);
    Stores stores =
        new Stores(
            history.sabotage.store().apply(requestStore),
            database.port(RequestSearch.class, shared.requests, called -> {}),
            database.port(ConfigurationStore.class, shared.configurations, called -> {}),
            database.port(WorkerStore.class, shared.workers, this::recall),
            history
                .sabotage
                .leases()
                .apply(database.port(LeaseStore.class, shared.leases, called -> {})));
    Publisher published = history.sabotage.publisher().apply(publisher);
    return new Ports(
        stores,
        published,
        monitor(),
        this::now,
        history.time::nanos,
        history.dice.generator(),
        () -> signalled = true);
  }

  private Monitor monitor() {
    return new Monitor() {
      @Override
      public void ignored(RequestKey key, Transition.Reason reason) {
        history.trace.add(() -> name + " ignores what is said of " + key + ": " + reason);
      }

      @Override
      public void workerClockWrong(Heartbeat beat) {
        history.coverage.count(HardCase.WORKER_CLOCK_FOUND_WRONG);
      }
    };
  }

  /** When it starts it reads who is remembered. */
  private void recall(String method) {
    if (lane == Lane.CONNECT) {
      history.database.workers.all().forEach(known -> remembered.add(known.workerType()));
    }
  }

  /** The time of day as this process has it. */
  Instant now() {
    return history.time.now().plus(clockError);
  }

  void setClock(Duration error) {
    clockError = error;
    // to be sure that its lease lasts it renews it first
    history.facts.interrupted(this);
  }

  boolean isDead() {
    return dead;
  }

  void renewLease() {
    if (begun && canRun(Lane.LEASE)) {
      run(Lane.LEASE);
    }
  }

  boolean isRunning() {
    return !dead && !stopped;
  }

  boolean hasBegun() {
    return begun;
  }

  Lane lane() {
    return lane;
  }

  // ---- What happens at ports ----

  /** A call to the outside: others do something meanwhile, and it may be the last one. */
  void atPort(String port) {
    requireAlive();
    history.time.pass(CALL);
    boolean renews = lane == Lane.LEASE || lane == Lane.CONNECT;
    if (!renews || history.plan.hasFaults()) {
      // a renewal that takes too long is a fault
      history.othersAct();
    }
    requireAlive();
    if (history.happens(Injection.PROCESS_CRASHES)) {
      history.trace.add(() -> name + " dies at " + port + " in " + lane);
      die();
      throw new ProcessDied();
    }
    if (history.mayStop() && history.happens(Injection.PROCESS_STOPPED_FOR_LONG)) {
      history.facts.interrupted(this);
      history.trace.add(() -> name + " is stopped at " + port + " in " + lane);
      stopped = true;
      history.longStop();
      stopped = false;
      history.trace.add(() -> name + " goes on");
      requireAlive();
    }
  }

  private void requireAlive() {
    if (dead) {
      throw new ProcessDied();
    }
  }

  void die() {
    dead = true;
    disconnect();
    history.facts.interrupted(this);
  }

  /** Ends in order, when nothing is in hand. */
  void shutDown() {
    disconnect();
    run(Lane.LEASE, manager::end);
    die();
  }

  boolean isBusy() {
    return !busy.isEmpty();
  }

  /** How many messages it is done with. */
  long progress() {
    return progress;
  }

  void progressed(int messages) {
    progress += messages;
  }

  /** A transaction has been committed about these requests. */
  void decided(Collection<RequestKey> keys) {
    consumption.decided(lane, keys);
  }

  // ---- Its lanes ----

  /** Those that have something to do, and wait for nothing. */
  List<Lane> ready() {
    List<Lane> ready = new ArrayList<>();
    for (Lane each : Lane.values()) {
      if (isReady(each)) {
        ready.add(each);
      }
    }
    return ready;
  }

  boolean isReady(Lane wanted) {
    return hasWork(wanted) && canRun(wanted);
  }

  boolean canRun(Lane wanted) {
    return isRunning()
        && (wanted == Lane.OPERATOR || !busy.contains(wanted))
        && locks.areFreeFor(wanted);
  }

  private boolean hasWork(Lane each) {
    return switch (each) {
      case CONNECT -> !isConnected();
      case REQUESTS, REPLIES, DEAD_LETTERS, HEARTBEATS -> consumption.hasWork(each);
      case TICK, OVERDUE -> begun;
      case DISPATCH -> begun && signalled;
      case LEASE, OPERATOR -> false;
    };
  }

  boolean isConnected() {
    return consumption.isOn();
  }

  /** Does something, to its end. */
  void run(Lane which) {
    run(which, () -> step(which));
  }

  void run(Lane which, Runnable work) {
    Lane before = lane;
    lane = which;
    boolean first = busy.add(which);
    if (which != Lane.LEASE) {
      history.trace.add(() -> name + " " + which);
    }
    history.trace.enter();
    try {
      work.run();
    } catch (ProcessDied e) {
      // and so is all that it was doing
      if (!dead) {
        throw e;
      }
    } catch (StoreUnavailableException | BrokerUnavailableException e) {
      history.trace.add(() -> name + " " + which + " gives up: " + e.getMessage());
      history.messageChecker.gaveUp(this, which);
      troubled(which);
    } finally {
      history.trace.leave();
      if (first) {
        busy.remove(which);
      }
      lane = before;
    }
  }

  private void troubled(Lane which) {
    switch (which) {
      case REQUESTS, REPLIES, DEAD_LETTERS, HEARTBEATS, CONNECT -> disconnect();
      case DISPATCH -> signalled = true;
      case LEASE, TICK, OVERDUE, OPERATOR -> {}
    }
  }

  private void step(Lane which) {
    switch (which) {
      case CONNECT -> connect();
      case REQUESTS, REPLIES, DEAD_LETTERS -> consumption.handle(which);
      case HEARTBEATS -> hear();
      case TICK -> manager.tick();
      case LEASE -> manager.renewLease();
      case OVERDUE -> manager.lookForOverdue();
      case DISPATCH -> {
        signalled = false;
        signalled |= manager.dispatchWaiting();
      }
      case OPERATOR -> throw new IllegalArgumentException("operators say themselves what to do");
    }
  }

  private void connect() {
    int before = consumption.timesEnded();
    manager.check();
    consumption.beginWithHeartbeats();
    manager.listening();
    if (!begun) {
      begin();
    }
    if (consumption.timesEnded() > before) {
      throw new BrokerUnavailableException("lost again", null);
    }
    consumption.goOnWithTheRest();
  }

  private void begin() {
    manager.start();
    if (history.plan.exclusive()) {
      manager.takeUpAll();
    }
    heardWorkers.remembered(remembered);
    begun = true;
  }

  private void hear() {
    List<Heartbeat> beats = consumption.takeHeartbeats();
    beats.forEach(beat -> heardWorkers.heard(beat, now()));
    manager.heartbeats(beats);
  }

  /** What it has in hand goes back. */
  void disconnect() {
    consumption.end();
  }

  @Override
  public String toString() {
    return name;
  }
}
