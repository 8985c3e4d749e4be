package org.workermanager.amqp;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what is to come. */
public final class Eventually {

  private static final long PATIENCE_SECONDS = 20;

  private Eventually() {}

  /** Returns the first value that is not null, within a generous time. */
  public static <T> T get(String what, Callable<T> value) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() - deadline < 0) {
      T got = value.call();
      if (got != null) {
        return got;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError("In vain waited for: " + what);
  }
}
