package org.workermanager.app.fuzz;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What became of every case, and how often. Keeps no case longer than the round after its own, so
 * that a long run takes no more memory than a short one. Thread-safe.
 */
final class Account {

  /** For anything at all to be seen. */
  private static final long PATIENCE_MILLIS = 60_000;

  private static final long POLL_MILLIS = 50;

  private static final int MOST_TOLD = 20;

  private final Map<String, Long> ends = new TreeMap<>();
  private final Map<String, Long> names = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private Map<String, Case> ended = Map.of();
  private Map<String, Case> open = new LinkedHashMap<>();
  private long seen;

  synchronized void open(Case begun) {
    open.put(begun.id, begun);
  }

  /** The case of this id that is open; null if there is none. */
  synchronized Case find(String id) {
    return open.get(id);
  }

  synchronized void problem(String problem) {
    problems.add(problem);
    notifyAll();
  }

  synchronized void responded(String id, String response) {
    Case about = find(id);
    if (about == null) {
      unexpected(id, response);
    } else {
      about.responded(response);
      changed();
    }
  }

  /**
   * @param id of the case that it names; null if none
   */
  synchronized void showed(String id, String sign) {
    Case about =
        id != null
            ? find(id)
            : open.values().stream().filter(each -> each.mayShow(sign)).findFirst().orElse(null);
    if (about == null) {
      unexpected(id, sign);
    } else {
      about.showed(sign);
      changed();
    }
  }

  /** These worker instances have been heard. */
  synchronized void alive(Collection<String> instances) {
    for (String instance : instances) {
      Case about = open.get(String.valueOf(Case.idIn(instance)));
      if (about != null && !about.hasShown("alive")) {
        about.showed("alive");
        changed();
      }
    }
  }

  private void changed() {
    seen++;
    notifyAll();
  }

  private void unexpected(String id, String what) {
    Case before = ended.get(String.valueOf(id));
    problem(
        what + " came about " + (before == null ? "nothing known: " + id : "an end: " + before));
  }

  /** Waits until every open case has ended as it may; asks this now and then who is alive. */
  void awaitEnds(Supplier<Collection<String>> instances) throws InterruptedException {
    long deadline = deadline();
    long seenBefore = -1;
    while (true) {
      alive(instances.get());
      synchronized (this) {
        boolean allEnded = open.values().stream().allMatch(each -> each.end().isPresent());
        if (allEnded && problems.isEmpty()) {
          close();
          return;
        }
        deadline = seen == seenBefore ? deadline : deadline();
        seenBefore = seen;
        if (!problems.isEmpty() || System.nanoTime() - deadline > 0) {
          throw new AssertionError(problems.isEmpty() ? unended() : told(problems));
        }
        wait(POLL_MILLIS);
      }
    }
  }

  private String unended() {
    List<String> unended =
        open.values().stream().filter(each -> each.end().isEmpty()).map(Case::toString).toList();
    return unended.size() + " have not ended as they may:\n" + told(unended);
  }

  private static String told(List<String> lines) {
    return String.join("\n", lines.subList(0, Math.min(MOST_TOLD, lines.size())));
  }

  private static long deadline() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
  }

  private void close() {
    for (Case each : open.values()) {
      ends.merge(
          each.name.equals("good") ? "good" : each.end().orElseThrow().name(), 1L, Long::sum);
      names.merge(each.name, 1L, Long::sum);
    }
    ended = open;
    open = new LinkedHashMap<>();
  }

  /** How many cases ended how, the good ones apart. */
  synchronized Map<String, Long> ends() {
    return Map.copyOf(ends);
  }

  /** How many cases there were of each name. */
  synchronized Map<String, Long> names() {
    return Map.copyOf(names);
  }
}
