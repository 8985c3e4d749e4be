package org.workermanager.domain.search;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;

/**
 * How many requests are held; statuses of which there is none are left out.
 *
 * @param byWorkerType by the worker type they were sent to or wait for; those for which none is
 *     configured are left out
 * @param bySession the sessions with the most requests, at most {@link #MAX_SESSIONS}
 */
public record RequestCounts(
    Map<RequestStatus, Long> byStatus,
    Map<String, Map<RequestStatus, Long>> byWorkerType,
    List<SessionCount> bySession) {

  /** How many sessions are counted at most. */
  public static final int MAX_SESSIONS = 1_000;

  /** The requests of one session of an owner. */
  public record SessionCount(String source, String session, Map<RequestStatus, Long> byStatus) {

    /** Those with the most requests first, the others by owner and session. */
    public static final Comparator<SessionCount> LARGEST_FIRST =
        Comparator.comparingLong(SessionCount::total)
            .reversed()
            .thenComparing(SessionCount::source)
            .thenComparing(SessionCount::session);

    public SessionCount {
      requireNonNull(source, "source");
      requireNonNull(session, "session");
      byStatus = Map.copyOf(byStatus);
    }

    /** All of them. */
    public long total() {
      return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public RequestCounts {
    byStatus = Map.copyOf(byStatus);
    byWorkerType = Map.copyOf(byWorkerType);
    bySession = List.copyOf(bySession);
  }

  /** Counts these. */
  public static RequestCounts of(Stream<Request> requests) {
    Map<RequestStatus, Long> byStatus = new EnumMap<>(RequestStatus.class);
    Map<String, Map<RequestStatus, Long>> byWorkerType = new TreeMap<>();
    Map<List<String>, Map<RequestStatus, Long>> bySession = new HashMap<>();
    requests.forEach(
        request -> {
          byStatus.merge(request.status(), 1L, Long::sum);
          if (request.state().workerType() != null) {
            count(byWorkerType, request.state().workerType(), request.status());
          }
          count(bySession, List.of(request.source(), request.session()), request.status());
        });
    List<SessionCount> sessions =
        bySession.entrySet().stream()
            .map(
                each ->
                    new SessionCount(each.getKey().get(0), each.getKey().get(1), each.getValue()))
            .sorted(SessionCount.LARGEST_FIRST)
            .limit(MAX_SESSIONS)
            .toList();
    return new RequestCounts(byStatus, byWorkerType, sessions);
  }

  private static <G> void count(
      Map<G, Map<RequestStatus, Long>> groups, G group, RequestStatus status) {
    groups
        .computeIfAbsent(group, each -> new EnumMap<>(RequestStatus.class))
        .merge(status, 1L, Long::sum);
  }
}
