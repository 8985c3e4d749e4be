package org.workermanager.app.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which faults come when: the same for the same seed. Every kind comes before any comes again, so
 * that a short run has them all.
 */
final class FaultPlan {

  /** One of the faults of a round, and when it begins, counted from the round's beginning. */
  record Strike(Duration after, Fault fault) {}

  /**
   * Faults to different targets, which may overlap.
   *
   * @param pause what follows when all are mended
   * @param calm whether everything is to recover then
   */
  record Round(List<Strike> strikes, Duration pause, boolean calm) {}

  private static final int ROUNDS_WITHOUT_CALM = 3;

  private final Random random;
  private final int managers;
  private final Map<String, Supplier<Fault>> kinds = new LinkedHashMap<>();
  private final Deque<Supplier<Fault>> deck = new ArrayDeque<>();
  private int roundsSinceCalm;

  FaultPlan(long seed, int managers) {
    this.random = new Random(seed);
    this.managers = managers;
    kinds.put("kill", () -> Fault.kill(manager(), false, between(0.1, 10)));
    kinds.put("kill-renamed", () -> Fault.kill(manager(), true, between(0.1, 30)));
    kinds.put("terminate", () -> Fault.terminate(manager(), between(0.1, 5)));
    kinds.put("pause", () -> Fault.pause(manager(), between(1, 40)));
    kinds.put("stop-broker", () -> Fault.stopBroker(between(0.1, 20)));
    kinds.put("pause-broker", () -> Fault.pauseBroker(between(0.5, 20)));
    kinds.put("alarm-broker", () -> Fault.alarmBroker(between(0.5, 40)));
    kinds.put("kill-database", () -> Fault.killDatabase(between(0.1, 15)));
    kinds.put("stop-database", () -> Fault.stopDatabase(between(0.1, 15)));
    kinds.put("read-only-database", () -> Fault.makeDatabaseReadOnly(between(0.5, 30)));
    kinds.put(
        "network-to-broker",
        () -> Fault.betweenManagerAndBroker(manager(), interference(), between(0.5, 30)));
    kinds.put(
        "network-to-database",
        () -> Fault.betweenManagerAndDatabase(manager(), interference(), between(0.5, 30)));
    kinds.put(
        "network-of-peers", () -> Fault.betweenPeersAndBroker(interference(), between(0.5, 30)));
    kinds.put("no-workers", () -> Fault.sendHome(workerType(), between(1, 25)));
  }

  /** The names of all kinds of faults. */
  static Set<String> allKinds() {
    return new FaultPlan(0, 1).kinds.keySet();
  }

  /** Leaves only these kinds. */
  FaultPlan only(Set<String> names) {
    kinds.keySet().retainAll(names);
    return this;
  }

  private int manager() {
    return 1 + random.nextInt(managers);
  }

  private String workerType() {
    return Assignment.WORKER_TYPES.get(random.nextInt(Assignment.WORKER_TYPES.size()));
  }

  private Interference interference() {
    Interference[] all = Interference.values();
    return all[1 + random.nextInt(all.length - 1)];
  }

  /** Short ones are more frequent. */
  private Duration between(double leastSeconds, double mostSeconds) {
    double ratio = Math.pow(mostSeconds / leastSeconds, random.nextDouble());
    return Duration.ofMillis(Math.round(1_000 * leastSeconds * ratio));
  }

  /** What comes next. */
  Round next() {
    int dice = random.nextInt(6);
    int faults = Math.min(kinds.size(), dice < 3 ? 1 : dice < 5 ? 2 : 3);
    List<Strike> strikes = new ArrayList<>();
    Set<String> targets = new HashSet<>();
    for (int i = 0; i < faults; i++) {
      Fault fault = draw().get();
      // of two that happen to the same, the second gives way
      if (targets.add(fault.target())) {
        strikes.add(new Strike(strikes.isEmpty() ? Duration.ZERO : between(0.05, 10), fault));
      }
    }
    roundsSinceCalm++;
    boolean calm = roundsSinceCalm == ROUNDS_WITHOUT_CALM || random.nextInt(4) == 0;
    if (calm) {
      roundsSinceCalm = 0;
    }
    return new Round(strikes, between(0.2, 5), calm);
  }

  private Supplier<Fault> draw() {
    if (deck.isEmpty()) {
      List<Supplier<Fault>> shuffled = new ArrayList<>(kinds.values());
      Collections.shuffle(shuffled, random);
      deck.addAll(shuffled);
    }
    return deck.remove();
  }
}
