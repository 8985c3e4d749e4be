package org.workermanager.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.jdbc.RequestLocks.Locked;

/** Requests in the tables {@code request}, {@code open_batch} and {@code mark}. */
final class JdbcRequestStore implements RequestStore {

  /** As much content as is loaded in one go, unless a single one is larger. */
  static final long PAGE_BYTES = 16L * 1024 * 1024;

  private static final int MARKS_DROPPED_AT_ONCE = 10_000;

  private final Dialect dialect;
  private final Transactions transactions;
  private final RequestLocks locks;
  private final RequestWriter writer;

  JdbcRequestStore(Dialect dialect, Transactions transactions) {
    this.dialect = dialect;
    this.transactions = transactions;
    this.locks = new RequestLocks(dialect);
    this.writer = new RequestWriter(dialect);
  }

  @Override
  public <R> R change(
      Collection<RequestKey> keys, Collection<RequestKey> redelivered, Decision<R> decision) {
    return transactions.run(
        handle -> {
          List<Locked> held = locks.lock(handle, keys);
          // after the locks: what is not held any more has left its mark by now
          Map<RequestKey, Set<Fingerprint>> finished =
              redelivered.isEmpty() ? Map.of() : marks(handle, redelivered);
          return decide(handle, known(handle, held, finished), decision);
        });
  }

  private <R> R decide(Handle handle, Known known, Decision<R> decision) {
    Decision.Made<R> made = decision.decide(known);
    Changes changes = made.changes();
    if (!changes.isEmpty()) {
      writer.write(handle, changes);
    }
    return made.result();
  }

  private static Known known(
      Handle handle, List<Locked> held, Map<RequestKey, Set<Fingerprint>> finished) {
    Map<RequestKey, Request> requests = new LinkedHashMap<>();
    Map<RequestKey, UUID> batches = new HashMap<>();
    for (Locked each : held) {
      requests.put(each.key(), each.numbered().request());
      if (each.batch() != null) {
        batches.put(each.key(), each.batch());
      }
    }
    return new Known(requests, batches, finished, some -> RequestLocks.openAmong(handle, some));
  }

  private static Map<RequestKey, Set<Fingerprint>> marks(
      Handle handle, Collection<RequestKey> keys) {
    Query query =
        handle.createQuery(
            "SELECT m.tenant, m.request_id, m.fingerprint FROM "
                + RequestRow.KEYS.rows()
                + " JOIN mark m ON m.tenant = u.tenant AND m.request_id = u.request_id");
    Map<RequestKey, Set<Fingerprint>> marks = new HashMap<>();
    RequestRow.KEYS
        .bind(handle, query, keys)
        .map(
            (row, context) ->
                Map.entry(RequestRow.key(row), RequestRow.fingerprint(row, "fingerprint")))
        .forEach(
            mark ->
                marks.computeIfAbsent(mark.getKey(), key -> new HashSet<>()).add(mark.getValue()));
    return marks;
  }

  @Override
  public <R> R claimWaiting(Collection<WaitingPlace> places, int limit, Decision<R> decision) {
    return transactions.run(
        handle -> {
          List<Locked> claimed = locks.lockWaiting(handle, List.copyOf(places), limit);
          return decide(handle, known(handle, claimed, Map.of()), decision);
        });
  }

  @Override
  public List<HeldRequest> load(UUID batch) {
    return transactions.run(handle -> load(handle, batch));
  }

  private static List<HeldRequest> load(Handle handle, UUID batch) {
    return handle
        .createQuery(
            "SELECT "
                + RequestRow.COLUMNS
                + ", r.content FROM request r WHERE r.batch_id = :batch"
                + " AND EXISTS (SELECT 1 FROM open_batch o WHERE o.id = :batch) ORDER BY r.id")
        .bind("batch", batch)
        .map((row, context) -> RequestRow.held(row))
        .list();
  }

  @Override
  public void close(UUID batch) {
    transactions.run(
        handle -> {
          dialect.close().forEach(sql -> handle.createUpdate(sql).bind("batch", batch).execute());
          return null;
        });
  }

  @Override
  public List<Batch> openBatches() {
    return transactions.run(
        handle ->
            handle
                .createQuery("SELECT id, lease FROM open_batch WHERE lease IS NOT NULL")
                .map(
                    (row, context) ->
                        new Batch(
                            row.getObject("id", UUID.class), row.getObject("lease", UUID.class)))
                .list());
  }

  @Override
  public List<UUID> abandonedBatches() {
    return transactions.run(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT o.id FROM open_batch o
                    WHERE NOT EXISTS (SELECT 1 FROM lease l WHERE l.id = o.lease)
                      AND (o.lease IS NOT NULL OR o.opened_at < CURRENT_TIMESTAMP - INTERVAL '1' MINUTE)
                    """)
                .mapTo(UUID.class)
                .list());
  }

  @Override
  public List<HeldRequest> takeOver(UUID abandoned, Batch by) {
    return transactions.run(
        handle -> {
          int open =
              handle
                  .createUpdate("DELETE FROM open_batch WHERE id = :abandoned")
                  .bind("abandoned", abandoned)
                  .execute();
          if (open == 0) {
            return List.of();
          }
          RequestWriter.open(handle, by);
          List<RequestKey> keys =
              handle
                  .createQuery("SELECT tenant, request_id FROM request WHERE batch_id = :abandoned")
                  .bind("abandoned", abandoned)
                  .map((row, context) -> RequestRow.key(row))
                  .list();
          locks.lock(handle, keys);
          handle
              .createUpdate("UPDATE request SET batch_id = :by WHERE batch_id = :abandoned")
              .bind("by", by.id())
              .bind("abandoned", abandoned)
              .execute();
          return load(handle, by.id());
        });
  }

  @Override
  public <R> R changeFound(Collection<NumberedRequest> found, Decision<R> decision) {
    return transactions.run(
        handle -> {
          List<Locked> still = locks.lockFound(handle, found);
          return decide(handle, known(handle, still, Map.of()), decision);
        });
  }

  /** What is appended to the history is an entry as {@link HistoryText} writes it. */
  @Override
  public int returnAllToWaiting(String reason, Instant now) {
    return transactions.run(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE request SET status = 'NO_WORKER_AVAILABLE', since = :now, messages = :reason,
                      history = COALESCE(history || :newline, '') || :atAndStatus || :newline
                        || COALESCE(worker_type, '') || :newline
                        || COALESCE(CAST(step_number AS VARCHAR), '') || :newline || :reason
                    WHERE status IN ('DISPATCHED', 'RUNNING')
                    """)
                .bind("now", RequestRow.dateTime(now))
                .bind("reason", TextList.write(List.of(reason)))
                .bind("newline", "\n")
                .bind("atAndStatus", now + "\n" + RequestStatus.NO_WORKER_AVAILABLE)
                .execute());
  }

  @Override
  public int dropMarks(Duration age) {
    int all = 0;
    int dropped;
    do {
      dropped = transactions.run(handle -> dropSomeMarks(handle, age));
      all += dropped;
    } while (dropped == MARKS_DROPPED_AT_ONCE);
    return all;
  }

  private int dropSomeMarks(Handle handle, Duration age) {
    Update update = handle.createUpdate(dialect.dropMarks());
    return update.bind("seconds", age.toSeconds()).bind("limit", MARKS_DROPPED_AT_ONCE).execute();
  }
}
