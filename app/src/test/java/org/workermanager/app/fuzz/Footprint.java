package org.workermanager.app.fuzz;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What this process takes.
 *
 * @param threads how many there are of each name, numbers apart
 * @param heap the bytes in use after a collection
 */
record Footprint(Map<String, Long> threads, long heap) {

  private static final long PATIENCE_SECONDS = 60;

  static Footprint now() {
    Map<String, Long> threads =
        Thread.getAllStackTraces().keySet().stream()
            .collect(
                Collectors.groupingBy(
                    thread -> thread.getName().replaceAll("[0-9]+", "N"),
                    TreeMap::new,
                    Collectors.counting()));
    System.gc();
    Runtime heap = Runtime.getRuntime();
    return new Footprint(threads, heap.totalMemory() - heap.freeMemory());
  }

  /** Waits until what is taken is this again, with at most so many more bytes. */
  void awaitAgain(long moreBytes) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Footprint now = now();
    while (!now.fitsInto(this, moreBytes)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("It was " + this + ", and stays " + now);
      }
      TimeUnit.MILLISECONDS.sleep(100);
      now = now();
    }
  }

  private boolean fitsInto(Footprint before, long moreBytes) {
    return heap <= before.heap + moreBytes
        && threads.entrySet().stream()
            .allMatch(name -> name.getValue() <= before.threads.getOrDefault(name.getKey(), 0L));
  }

  @Override
  public String toString() {
    return "%,d kB and threads %s".formatted(heap / 1024, threads);
  }
}
