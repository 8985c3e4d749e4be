package org.workermanager.domain.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.store.ServedTenant;

/**
 * One history: everything and everybody in it, who take turns at random; others in the middle of a
 * manager's calls to the outside. In the end it is left in peace until it comes to rest.
 */
final class History {

  /** What they have to do that somebody waits for. */
  private static final Set<Lane> URGENT =
      EnumSet.of(Lane.CONNECT, Lane.REQUESTS, Lane.REPLIES, Lane.DEAD_LETTERS, Lane.DISPATCH);

  private static final int DEEPEST = 3;
  private static final Duration LONG_STOP = Duration.ofSeconds(16);
  private static final int LONG_STOP_TURNS = 6;
  private static final long RENEWAL = WorkerManager.RENEWAL.toNanos();

  final Dice dice;
  final Plan plan;
  final Sabotage sabotage;
  final Coverage coverage;
  final SimulatedTime time = new SimulatedTime();
  final Trace trace;
  final Broker broker = new Broker();
  final Database database = new Database(time);
  final Facts facts;
  final StoreChecker storeChecker;
  final MessageChecker messageChecker;
  final List<ManagerProcess> processes = new ArrayList<>();
  final Fleet fleet;
  final Requesters requesters;
  private final Operators operators = new Operators(this);
  private boolean inPeace;
  private boolean isOneStopped;
  private int stepsDone;
  private int depth;
  private int lastFingerprint;

  History(long seed, Sabotage sabotage, Coverage coverage, boolean traced) {
    this.sabotage = sabotage;
    this.coverage = coverage;
    dice = new Dice(seed);
    plan = Plan.draw(dice);
    trace = new Trace(traced, time);
    Sightings sightings = new Sightings(coverage, plan.pageSize());
    facts = new Facts(sightings);
    storeChecker = new StoreChecker(facts, sightings, plan);
    messageChecker = new MessageChecker(facts, sightings, plan);
    fleet = new Fleet(this);
    requesters = new Requesters(this);
  }

  /** Whether this is injected here and now. */
  boolean happens(Injection injection) {
    boolean happens = !inPeace && dice.chance(plan.rate(injection));
    if (happens) {
      coverage.count(injection);
    }
    return happens;
  }

  /** Another one for each message. */
  Fingerprint newFingerprint() {
    String hex = Integer.toHexString(++lastFingerprint);
    return new Fingerprint("0".repeat(64 - hex.length()) + hex);
  }

  /**
   * Runs it, to its end.
   *
   * @throws Violation if something happened that must not
   */
  void run() {
    trace.add(plan::toString);
    for (int tenant = 1; tenant <= plan.tenants(); tenant++) {
      Configuration rare = dice.chance(0.6) ? Setups.TIMED : dice.pick(Setups.OTHERS);
      Configuration begin = dice.chance(0.7) ? Setups.USUAL : rare;
      database.configurations.change("t" + tenant, served -> new ServedTenant(begin, null));
    }
    for (int i = 1; i <= plan.instances(); i++) {
      processes.add(new ManagerProcess(this, "m" + i));
    }
    if (dice.chance(0.8)) {
      settle();
    }
    while (stepsDone < plan.steps()) {
      act();
    }
    new Ending(this).run();
    coverage.history(stepsDone, facts.accepted(), facts.finished());
  }

  /** Without this it takes a while until everybody is there. */
  private void settle() {
    inPeace = true;
    for (ManagerProcess process : processes) {
      process.run(Lane.CONNECT);
      fleet.beat();
      process.run(Lane.HEARTBEATS);
    }
    inPeace = false;
  }

  /** From now on nothing goes wrong any more. */
  void beInPeace() {
    inPeace = true;
    database.awayUntilNanos = 0;
    broker.awayUntilNanos = 0;
    database.land();
    trace.add(() -> "---- in peace from here on ----");
  }

  /** Somebody does something. */
  private void act() {
    stepsDone++;
    trouble();
    operators.act();
    int who = dice.below(100);
    if (who < 20 && requesters.hasMore()) {
      requesters.act();
    } else if (who < 52) {
      fleet.act();
    } else if (who < 92) {
      managerActs();
    } else {
      pass(Duration.ofMillis(dice.pick(List.of(100, 1_000, 5_000, 5_000, 20_000, 61_000))));
    }
  }

  private void managerActs() {
    ManagerProcess process = dice.pick(processes);
    if (process.isDead()) {
      if (dice.chance(0.3)) {
        restart(process);
      }
      return;
    }
    List<Lane> ready = process.ready();
    List<Lane> urgent = ready.stream().filter(URGENT::contains).toList();
    List<Lane> among = urgent.isEmpty() || dice.chance(0.2) ? ready : urgent;
    if (!among.isEmpty()) {
      process.run(dice.pick(among));
    }
  }

  /** In its place another process starts, of the same name or not. */
  void restart(ManagerProcess dead) {
    String name = dice.chance(0.5) ? dead.toString() : dead + "'";
    trace.add(() -> dead + " is started again as " + name);
    processes.set(processes.indexOf(dead), new ManagerProcess(this, name));
  }

  /** What goes wrong by itself. */
  private void trouble() {
    if (happens(Injection.CLOCK_JUMPS)) {
      ManagerProcess process = dice.pick(processes);
      int minutes = dice.between(-200, 200);
      trace.add(() -> process + "'s clock is wrong by " + minutes + " minutes");
      process.setClock(Duration.ofMinutes(minutes));
    }
    if (happens(Injection.PROCESS_SHUT_DOWN)) {
      ManagerProcess process = dice.pick(processes);
      if (process.hasBegun() && !process.isDead() && !process.isBusy()) {
        trace.add(() -> process + " is shut down");
        process.shutDown();
      }
    }
    if (happens(Injection.CONNECTION_LOST)) {
      ManagerProcess process = dice.pick(processes);
      trace.add(() -> process + " loses its connection");
      process.disconnect();
    }
    if (happens(Injection.STORE_AWAY)) {
      trace.add(() -> "the database is away");
      database.awayUntilNanos = time.nanos() + Duration.ofSeconds(dice.between(1, 20)).toNanos();
    }
    if (happens(Injection.BROKER_AWAY)) {
      trace.add(() -> "the broker is away");
      broker.awayUntilNanos = time.nanos() + Duration.ofSeconds(dice.between(1, 20)).toNanos();
      processes.forEach(ManagerProcess::disconnect);
    }
  }

  void pass(Duration duration) {
    trace.add(() -> duration + " pass");
    long end = time.nanos() + duration.toNanos();
    while (time.nanos() < end) {
      long left = end - time.nanos();
      time.pass(left < RENEWAL ? Duration.ofNanos(left) : WorkerManager.RENEWAL);
      List.copyOf(processes).forEach(ManagerProcess::renewLease);
      fleet.beatInTime();
    }
  }

  /** Called while a manager waits for somebody outside. */
  void othersAct() {
    if (!inPeace && depth < DEEPEST && stepsDone < plan.steps() && dice.chance(plan.nesting())) {
      actMeanwhile(dice.between(1, 4));
    }
  }

  /** One process at a time. */
  boolean mayStop() {
    return !isOneStopped && stepsDone < plan.steps();
  }

  /** A process is stopped, for longer than its lease. */
  void longStop() {
    isOneStopped = true;
    try {
      long end = time.nanos() + LONG_STOP.toNanos();
      for (int i = 0; time.nanos() < end || i < LONG_STOP_TURNS; i++) {
        pass(Duration.ofSeconds(dice.between(1, 5)));
        actMeanwhile(dice.between(1, 4));
      }
    } finally {
      isOneStopped = false;
    }
  }

  private void actMeanwhile(int times) {
    trace.enter();
    depth++;
    try {
      for (int i = 0; i < times; i++) {
        act();
      }
    } finally {
      depth--;
      trace.leave();
    }
  }

  static String shortId(UUID id) {
    return id.toString().substring(0, 8);
  }

  static String text(HeldRequest dispatch) {
    return "%s/%s as %s to %s with '%s'"
        .formatted(
            dispatch.request().key().tenant(),
            dispatch.request().key().requestId(),
            shortId(dispatch.request().state().dispatch()),
            dispatch.request().state().workerType(),
            MessageChecker.text(dispatch.content()));
  }
}
