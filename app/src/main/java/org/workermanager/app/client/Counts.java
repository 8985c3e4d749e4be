package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/** How many requests are held, by status, and in each group by status again. */
public record Counts(
    Map<String, Long> byStatus,
    Map<String, Map<String, Long>> byWorkerType,
    List<SessionCounts> bySession) {

  /** Those of one session of an owner. */
  public record SessionCounts(String source, String session, Map<String, Long> byStatus) {
    public SessionCounts {
      requireNonNull(byStatus, "byStatus");
    }
  }

  public Counts {
    requireNonNull(byStatus, "byStatus");
    requireNonNull(byWorkerType, "byWorkerType");
    bySession = List.copyOf(bySession);
  }
}
