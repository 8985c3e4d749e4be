package org.workermanager.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;

/**
 * Locks the requests that a transaction is to change, for as long as it lasts.
 *
 * <p>A statement that waits for a lock sees the row it gets as others left it, but all else as it
 * was when the statement began. So whatever else counts, open batches and marks, is read after the
 * locks, by a statement of its own.
 */
final class RequestLocks {

  /** A request, locked, and the batch that changed it last, or null. */
  record Locked(NumberedRequest numbered, UUID batch) {

    RequestKey key() {
      return numbered.request().key();
    }
  }

  /** How many pages may be taken by others before no more is looked for. */
  private static final int PAGES_TRIED = 16;

  private final Dialect dialect;

  RequestLocks(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Locks those of these keys that are held, in key order, so that nobody waits crosswise. */
  List<Locked> lock(Handle handle, Collection<RequestKey> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    Query query =
        handle.createQuery(
            "SELECT r.batch_id, "
                + RequestRow.COLUMNS
                + " FROM "
                + RequestRow.KEYS.rows()
                + " JOIN request r ON r.tenant = u.tenant AND r.request_id = u.request_id"
                + " ORDER BY r.tenant, r.request_id "
                + dialect.forUpdate("r"));
    return RequestRow.KEYS
        .bind(handle, query, new TreeSet<>(keys))
        .map(RequestLocks::locked)
        .list();
  }

  private static Locked locked(ResultSet row, StatementContext context) throws SQLException {
    return new Locked(RequestRow.numbered(row), row.getObject("batch_id", UUID.class));
  }

  /**
   * Locks those of the requests found that are still the same, unfinished, and in no open batch.
   */
  List<Locked> lockFound(Handle handle, Collection<NumberedRequest> found) {
    Map<RequestKey, Long> ids = new HashMap<>();
    found.forEach(numbered -> ids.put(numbered.request().key(), numbered.id()));
    return withoutMoving(handle, lock(handle, ids.keySet())).stream()
        .filter(each -> each.numbered().id() == ids.get(each.key()))
        .filter(each -> !each.numbered().request().state().finished())
        .toList();
  }

  /** Locks the first page that others have not taken whole: each instance that drains has one. */
  List<Locked> lockWaiting(Handle handle, List<WaitingPlace> places, int limit) {
    if (places.isEmpty()) {
      return List.of();
    }
    int skipped = 0;
    for (int page = 1; ; page++) {
      List<Long> ids = findWaiting(handle, places, skipped, limit);
      List<Locked> locked = lockIfStillWaiting(handle, ids);
      if (!locked.isEmpty() || ids.isEmpty() || page == PAGES_TRIED) {
        return locked;
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
      if (bytes > JdbcRequestStore.PAGE_BYTES && !ids.isEmpty()) {
        break;
      }
      ids.add(idAndSize[0]);
    }
    return ids;
  }

  private static List<Locked> lockIfStillWaiting(Handle handle, List<Long> ids) {
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
            .map(RequestLocks::locked)
            .list());
  }

  /**
   * Those in no open batch. The statement that locked them may have seen a row that has changed
   * since it began, and not the batch that was opened with that.
   */
  private static List<Locked> withoutMoving(Handle handle, List<Locked> locked) {
    if (locked.isEmpty()) {
      return locked;
    }
    Set<UUID> batches = new HashSet<>();
    locked.forEach(each -> batches.add(each.batch()));
    Set<UUID> open = openAmong(handle, batches);
    return locked.stream().filter(each -> !open.contains(each.batch())).toList();
  }

  /** Those of these batches that are open; to be asked after the locks. */
  static Set<UUID> openAmong(Handle handle, Set<UUID> batches) {
    return handle
        .createQuery("SELECT id FROM open_batch WHERE id = ANY(:batches)")
        .bindArray("batches", UUID.class, batches)
        .mapTo(UUID.class)
        .collect(Collectors.toSet());
  }
}
