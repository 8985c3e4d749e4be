package org.workermanager.app;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what is to come. */
public final class Eventually {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Eventually() {}

  /** Asks over and over, in this thread, within a generous time. */
  public static ConditionFactory await(String what) {
    return Awaitility.await(what).pollInSameThread().pollInterval(PAUSE).atMost(PATIENCE);
  }
}
