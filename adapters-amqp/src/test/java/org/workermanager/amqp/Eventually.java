package org.workermanager.amqp;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what is to come. */
public final class Eventually {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Eventually() {}

  /** Returns the first value that is not null, within a generous time. */
  public static <T> T get(String what, Callable<T> value) {
    return Awaitility.await(what)
        .pollInSameThread()
        .pollInterval(PAUSE)
        .atMost(PATIENCE)
        .until(value, Objects::nonNull);
  }
}
