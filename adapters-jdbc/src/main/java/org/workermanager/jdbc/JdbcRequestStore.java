package org.workermanager.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
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

/** Requests in the tables {@code request}, {@code open_batch} and {@code mark}. */
final class JdbcRequestStore implements RequestStore {

  /** As much content as is loaded in one go, unless a single one is larger. */
  static final long PAGE_BYTES = 16L * 1024 * 1024;

  /** How many pages may be taken by others before no more is looked for. */
  private static final int PAGES_TRIED = 16;

  /** A request, locked, and the batch that changed it last, or null. */
  private record Locked(NumberedRequest numbered, UUID batch) {

    RequestKey key() {
      return numbered.request().key();
    }
  }

  private static final int MARKS_DROPPED_AT_ONCE = 10_000;

  private static final String KEYS =
      "unnest(CAST(:tenants AS VARCHAR ARRAY), CAST(:ids AS VARCHAR ARRAY)) AS k (tenant, request_id)";

  private final Dialect dialect;
  private final Transactions transactions;
  private final RequestWriter writer;

  JdbcRequestStore(Dialect dialect, Transactions transactions) {
    this.dialect = dialect;
    this.transactions = transactions;
    this.writer = new RequestWriter(dialect);
  }

  @Override
  public <R> R change(
      Collection<RequestKey> keys, Collection<RequestKey> redelivered, Decision<R> decision) {
    return transactions.run(
        handle -> {
          List<Locked> held = keys.isEmpty() ? List.of() : lock(handle, keys);
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
    // after the locks: a statement that waits for them does not see the batches opened meanwhile
    return new Known(requests, batches, finished, some -> openAmong(handle, some));
  }

  private List<Locked> lock(Handle handle, Collection<RequestKey> keys) {
    Query query =
        handle.createQuery(
            "SELECT r.batch_id, "
                + RequestRow.COLUMNS
                + " FROM "
                + KEYS
                + " JOIN request r ON r.tenant = k.tenant AND r.request_id = k.request_id"
                + " ORDER BY r.tenant, r.request_id "
                + dialect.forUpdate("r"));
    return bindKeys(query, new TreeSet<>(keys)).map(JdbcRequestStore::locked).list();
  }

  private static Locked locked(ResultSet row, StatementContext context) throws SQLException {
    return new Locked(RequestRow.numbered(row), row.getObject("batch_id", UUID.class));
  }

  private static Map<RequestKey, Set<Fingerprint>> marks(
      Handle handle, Collection<RequestKey> keys) {
    Query query =
        handle.createQuery(
            "SELECT m.tenant, m.request_id, m.fingerprint FROM "
                + KEYS
                + " JOIN mark m ON m.tenant = k.tenant AND m.request_id = k.request_id");
    Map<RequestKey, Set<Fingerprint>> marks = new HashMap<>();
    bindKeys(query, keys)
        .map(
            (row, context) ->
                Map.entry(RequestRow.key(row), RequestRow.fingerprint(row, "fingerprint")))
        .forEach(
            mark ->
                marks.computeIfAbsent(mark.getKey(), key -> new HashSet<>()).add(mark.getValue()));
    return marks;
  }

  private static Query bindKeys(Query query, Collection<RequestKey> keys) {
    return query
        .bindArray("tenants", String.class, keys.stream().map(RequestKey::tenant).toList())
        .bindArray("ids", String.class, keys.stream().map(RequestKey::requestId).toList());
  }

  @Override
  public <R> R claimWaiting(Collection<WaitingPlace> places, int limit, Decision<R> decision) {
    return transactions.run(
        handle -> {
          List<Locked> claimed =
              places.isEmpty() ? List.of() : claim(handle, List.copyOf(places), limit);
          return decide(handle, known(handle, claimed, Map.of()), decision);
        });
  }

  /** Locks the first page that others have not taken whole: each instance that drains has one. */
  private List<Locked> claim(Handle handle, List<WaitingPlace> places, int limit) {
    int skipped = 0;
    for (int page = 1; ; page++) {
      List<Long> ids = findWaiting(handle, places, skipped, limit);
      List<Locked> claimed = lockWaiting(handle, ids);
      if (!claimed.isEmpty() || ids.isEmpty() || page == PAGES_TRIED) {
        return claimed;
      }
      skipped += ids.size();
    }
  }

  private List<Long> findWaiting(Handle handle, List<WaitingPlace> places, int skipped, int limit) {
    Query query =
        handle
            .createQuery(dialect.findWaiting(places.size()))
            .bind("skipped", skipped)
            .bind("limit", limit)
            .bind("depth", skipped + limit);
    if (dialect == Dialect.POSTGRESQL) {
      query
          .bindArray("tenants", String.class, places.stream().map(WaitingPlace::tenant).toList())
          .bindArray(
              "contentTypes", String.class, places.stream().map(WaitingPlace::contentType).toList())
          .bindArray(
              "positions", Integer.class, places.stream().map(WaitingPlace::positionCode).toList());
    } else {
      for (int i = 0; i < places.size(); i++) {
        query
            .bind("tenant" + i, places.get(i).tenant())
            .bind("contentType" + i, places.get(i).contentType())
            .bind("position" + i, places.get(i).positionCode());
      }
    }
    List<Long> ids = new ArrayList<>();
    long bytes = 0;
    List<long[]> found =
        query.map((row, context) -> new long[] {row.getLong("id"), row.getLong("size")}).list();
    for (long[] idAndSize : found) {
      bytes += idAndSize[1];
      if (bytes > PAGE_BYTES && !ids.isEmpty()) {
        break;
      }
      ids.add(idAndSize[0]);
    }
    return ids;
  }

  private static List<Locked> lockWaiting(Handle handle, List<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return withoutMoving(
        handle,
        handle
            .createQuery(
                "SELECT r.batch_id, "
                    + RequestRow.COLUMNS
                    + " FROM request r WHERE r.id = ANY(:ids) AND r.status = 'NO_WORKER_AVAILABLE'"
                    + " ORDER BY r.priority DESC, r.id FOR UPDATE SKIP LOCKED")
            .bindArray("ids", Long.class, ids)
            .map(JdbcRequestStore::locked)
            .list());
  }

  /**
   * Those in no open batch, looked up after the locks: the statement that locks may see a row that
   * has changed since it began, and not the batch that was opened with that.
   */
  private static List<Locked> withoutMoving(Handle handle, List<Locked> locked) {
    Set<UUID> batches = new HashSet<>();
    locked.forEach(each -> batches.add(each.batch()));
    Set<UUID> open = openAmong(handle, batches);
    return locked.stream().filter(each -> !open.contains(each.batch())).toList();
  }

  private static Set<UUID> openAmong(Handle handle, Set<UUID> batches) {
    return handle
        .createQuery("SELECT id FROM open_batch WHERE id = ANY(:batches)")
        .bindArray("batches", UUID.class, batches)
        .mapTo(UUID.class)
        .collect(Collectors.toSet());
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
          if (!keys.isEmpty()) {
            lock(handle, keys);
          }
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
          List<Locked> still = found.isEmpty() ? List.of() : lockFound(handle, found);
          return decide(handle, known(handle, still, Map.of()), decision);
        });
  }

  private List<Locked> lockFound(Handle handle, Collection<NumberedRequest> found) {
    Map<RequestKey, Long> ids = new HashMap<>();
    found.forEach(numbered -> ids.put(numbered.request().key(), numbered.id()));
    return withoutMoving(handle, lock(handle, ids.keySet())).stream()
        .filter(each -> each.numbered().id() == ids.get(each.key()))
        .filter(each -> !each.numbered().request().state().finished())
        .toList();
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
