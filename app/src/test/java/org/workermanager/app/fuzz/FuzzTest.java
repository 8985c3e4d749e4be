package org.workermanager.app.fuzz;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.workermanager.app.scenario.Services;

/**
 * Runs the same rounds each time, those that have found something among them, and some new ones;
 * with {@code -Dfuzz.messages=100000} as many as one likes, and with {@code -Dfuzz.seed=1} those
 * from that seed on.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class FuzzTest {

  private static final int MESSAGES = Integer.getInteger("fuzz.messages", 1_500);
  private static final Long SEED = Long.getLong("fuzz.seed");

  /**
   * Of the same ones each time: enough to have all kinds among them, all threads there, and all
   * code loaded.
   */
  private static final int WARM_UP = 1_000;

  @Test
  void onRealServices() throws Exception {
    run("real", Services.real());
  }

  @Test
  void onEmbeddedServices() throws Exception {
    run("embedded", Services.embedded());
  }

  private static void run(String where, Services services) throws Exception {
    long seed = SEED == null ? System.currentTimeMillis() * 1_000 : SEED;
    long begin = System.nanoTime();
    try (Fuzz fuzz = new Fuzz(services)) {
      fuzz.run(1, WARM_UP);
      Footprint before = Footprint.now();
      fuzz.run(seed, MESSAGES);
      fuzz.assertClean(before);
      System.out.printf(
          "Fuzzed on %s services from seed %d on, in %d s:%s%n",
          where, seed, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin), fuzz.report());
    } finally {
      services.close().run();
    }
  }
}
