package org.workermanager.domain.simulation;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.workermanager.domain.registry.Heartbeat;

/** Which worker types a manager process can know to be alive, by what it has been told. */
final class HeardWorkers {

  private final History history;

  /** When a type was last heard of in any way, by the true time. */
  private final Map<String, Long> last = new HashMap<>();

  /** When there was last a beat of which the date is no reason to doubt it. */
  private final Map<String, Long> lastSure = new HashMap<>();

  HeardWorkers(History history) {
    this.history = history;
  }

  /**
   * @param now the time of day as the process has it
   */
  void heard(Heartbeat beat, Instant now) {
    last.put(beat.workerType(), history.time.nanos());
    if (!beat.date().isBefore(now.minus(history.plan.expiry()))) {
      lastSure.put(beat.workerType(), history.time.nanos());
    }
  }

  /** A process that starts trusts what is remembered. */
  void remembered(Collection<String> workerTypes) {
    workerTypes.forEach(type -> last.put(type, history.time.nanos()));
  }

  /** Whether the process may take this type for alive. */
  boolean mayLive(String workerType) {
    return isRecent(last.get(workerType));
  }

  /** Whether the process must take this type for alive. */
  boolean mustLive(String workerType) {
    return isRecent(lastSure.get(workerType));
  }

  private boolean isRecent(Long beat) {
    return beat != null && history.time.nanos() - beat < history.plan.expiry().toNanos();
  }
}
