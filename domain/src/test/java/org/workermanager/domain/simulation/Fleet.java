package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import org.workermanager.domain.publish.QueueState;

/** All worker instances. */
final class Fleet {

  private static final int MOST = 6;

  private final History history;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private int started;

  Fleet(History history) {
    this.history = history;
    for (String type : Setups.WORKER_TYPES) {
      if (history.dice.chance(type.equals(Setups.RENAMED) ? 0.2 : 0.8)) {
        start(type);
      }
    }
  }

  private void start(String type) {
    workers.add(new SimulatedWorker(history, type, "w" + ++started));
  }

  /** One of them does something, or another one starts. */
  void act() {
    Dice dice = history.dice;
    if (workers.isEmpty() || workers.size() < MOST && dice.chance(0.04)) {
      start(dice.pick(Setups.WORKER_TYPES));
      return;
    }
    List<SimulatedWorker> busy = workers.stream().filter(SimulatedWorker::hasWork).toList();
    dice.pick(busy.isEmpty() || dice.chance(0.1) ? workers : busy).act();
  }

  void remove(SimulatedWorker worker) {
    workers.remove(worker);
  }

  void beat() {
    workers.forEach(SimulatedWorker::beat);
  }

  /** Whoever has not beaten for long does. */
  void beatInTime() {
    for (SimulatedWorker worker : workers) {
      worker.beatInTime();
    }
  }

  /** There is at least one of this type, and all of them work well. */
  void provide(String type) {
    if (workers.stream().noneMatch(worker -> worker.type().equals(type))) {
      start(type);
    }
  }

  boolean has(String type) {
    return workers.stream().anyMatch(worker -> worker.type().equals(type));
  }

  /** All that can be done is done. */
  boolean work() {
    boolean worked = false;
    for (SimulatedWorker worker : List.copyOf(workers)) {
      worked |= worker.workThrough();
    }
    return worked;
  }

  QueueState queueState(String type) {
    long consumers = workers.stream().filter(worker -> worker.type().equals(type)).count();
    return new QueueState(history.broker.worker(type).size(), consumers);
  }
}
