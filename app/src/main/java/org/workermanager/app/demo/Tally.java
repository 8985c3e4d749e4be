package org.workermanager.app.demo;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.workermanager.amqp.client.ResponseMessage;

/** Follows every request of a demo by the responses to it. Thread-safe. */
final class Tally {

  private static final String SUBMITTED = "submitted";
  private static final Set<String> FINAL = Set.of("SUCCESS", "ERROR", "INVALID_CONTENT", "SKIPPED");

  /** The last state of each request, by id. */
  private final Map<String, String> states = new ConcurrentHashMap<>();

  private final AtomicInteger everDelayed = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();

  void submitted(String requestId) {
    states.put(requestId, SUBMITTED);
  }

  /** Responses to other requesters come too: they are not counted. */
  void heard(ResponseMessage response) {
    states.computeIfPresent(
        response.requestId(),
        (id, before) -> {
          if (response.state().equals("DELAYED")) {
            everDelayed.incrementAndGet();
          }
          if (FINAL.contains(before)) {
            repeated.incrementAndGet();
          }
          return response.state();
        });
  }

  void begun() {
    running.incrementAndGet();
  }

  void ended() {
    running.decrementAndGet();
  }

  int submitted() {
    return states.size();
  }

  int in(String state) {
    return (int) states.values().stream().filter(state::equals).count();
  }

  int finished() {
    return (int) states.values().stream().filter(FINAL::contains).count();
  }

  int everDelayed() {
    return everDelayed.get();
  }

  /** How many were answered again after they were finished. */
  int repeated() {
    return repeated.get();
  }

  String progress() {
    return "submitted %6d  waiting %5d  dispatched %5d  running %d  succeeded %6d  failed %d  skipped %d"
        .formatted(
            submitted(),
            in("DELAYED"),
            in("GRANTED"),
            running.get(),
            in("SUCCESS"),
            in("ERROR") + in("INVALID_CONTENT"),
            in("SKIPPED"));
  }
}
