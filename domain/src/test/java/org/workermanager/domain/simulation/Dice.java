package org.workermanager.domain.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Whatever is left to chance in a history comes from here: so its seed replays it. */
final class Dice {

  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** From 0 to one less. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Both included. */
  int between(int lowest, int highest) {
    return random.nextInt(lowest, highest + 1);
  }

  <T> T pick(List<T> among) {
    return among.get(random.nextInt(among.size()));
  }

  /** For the ports that need one. */
  RandomGenerator generator() {
    return random;
  }
}
