package org.workermanager.domain.simulation;

import org.junit.jupiter.api.Test;

class SimulationTest {

  @Test
  void runs() {
    Simulation simulation = new Simulation(Sabotage.NONE);
    long begin = Long.getLong("simulation.seed", 1);
    long end = System.nanoTime() + Long.getLong("simulation.seconds", 5) * 1_000_000_000L;
    long t0 = System.nanoTime();
    long seed = begin;
    try {
      while (System.nanoTime() < end) {
        simulation.run(seed++);
      }
    } finally {
      System.out.println(simulation.coverage().report());
      System.out.println((seed - begin) / ((System.nanoTime() - t0) / 1e9) + "/s");
    }
  }
}
