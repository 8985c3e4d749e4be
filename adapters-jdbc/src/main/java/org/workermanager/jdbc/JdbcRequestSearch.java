package org.workermanager.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestCounts.SessionCount;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.SearchTooLongException;
import org.workermanager.domain.store.StoreUnavailableException;

/** Finds requests in the table {@code request}. */
final class JdbcRequestSearch implements RequestSearch {

  /** Of the requests r, those that the tenant holds; the other conditions follow. */
  private static final String WHERE = " WHERE r.tenant = :tenant AND NOT r.finished AND ";

  /** What a request takes in memory, roughly, once it is to be sent. */
  private static final String SIZE =
      "octet_length(r.content) + COALESCE(octet_length(r.messages), 0) AS size";

  /** How many there are of one worker type, or of none, in one state. */
  private record WorkerTypeCount(String workerType, RequestStatus status, long count) {}

  private final Dialect dialect;
  private final Transactions transactions;
  private final int seconds;

  /**
   * @param seconds that one query may take
   */
  JdbcRequestSearch(Dialect dialect, Transactions transactions, int seconds) {
    this.dialect = dialect;
    this.transactions = transactions;
    this.seconds = seconds;
  }

  @Override
  public Page search(String tenant, RequestFilter filter, PageRequest page) {
    Conditions conditions = new Conditions(filter);
    String sql =
        "SELECT %s FROM request r %s ORDER BY %s LIMIT :size OFFSET :offset"
            .formatted(RequestRow.COLUMNS, WHERE + conditions.all(), order(page));
    return read(
        handle -> {
          List<NumberedRequest> found =
              query(handle, sql, tenant, conditions)
                  .bind("size", page.size())
                  .bind("offset", page.offset())
                  .map((row, context) -> RequestRow.numbered(row))
                  .list();
          boolean isLast = found.size() < page.size() && (!found.isEmpty() || page.number() == 0);
          long total = isLast ? page.offset() + found.size() : count(handle, tenant, conditions);
          return new Page(found, page, total);
        });
  }

  private String order(PageRequest page) {
    List<String> order = new ArrayList<>();
    page.sort()
        .forEach(
            sort ->
                order.add(
                    expression(sort.field())
                        + (sort.ascending() ? " ASC NULLS FIRST" : " DESC NULLS LAST")));
    order.add("r.id");
    return String.join(", ", order);
  }

  private String expression(PageRequest.Field field) {
    return switch (field) {
      case ID -> "r.id";
      case REQUEST_ID -> dialect.byCodePoint("r.request_id");
      case CREATION_DATE -> "r.creation_date";
      case CONTENT_TYPE -> dialect.byCodePoint("r.content_type");
      case SOURCE -> dialect.byCodePoint("r.source");
      case SESSION -> dialect.byCodePoint("r.session");
      case STATUS -> dialect.byCodePoint("r.status");
      case DISPATCHED_WORKER_TYPE -> dialect.byCodePoint("r.dispatched_worker_type");
    };
  }

  private static long count(Handle handle, String tenant, Conditions conditions) {
    String sql = "SELECT count(*) FROM request r" + WHERE + conditions.all();
    return query(handle, sql, tenant, conditions).mapTo(Long.class).one();
  }

  @Override
  public RequestCounts count(String tenant, RequestFilter filter) {
    Conditions conditions = new Conditions(filter);
    return read(
        handle -> {
          Map<RequestStatus, Long> byStatus = new EnumMap<>(RequestStatus.class);
          Map<String, Map<RequestStatus, Long>> byWorkerType = new TreeMap<>();
          for (WorkerTypeCount each : countWorkerTypes(handle, tenant, conditions)) {
            byStatus.merge(each.status(), each.count(), Long::sum);
            if (each.workerType() != null) {
              byWorkerType
                  .computeIfAbsent(each.workerType(), type -> new EnumMap<>(RequestStatus.class))
                  .put(each.status(), each.count());
            }
          }
          return new RequestCounts(
              byStatus, byWorkerType, countSessions(handle, tenant, conditions));
        });
  }

  private List<WorkerTypeCount> countWorkerTypes(
      Handle handle, String tenant, Conditions conditions) {
    String sql =
        "SELECT r.worker_type, r.status, count(*) AS requests FROM request r %s GROUP BY r.worker_type, r.status"
            .formatted(WHERE + conditions.all());
    return query(handle, sql, tenant, conditions)
        .map(
            (row, context) ->
                new WorkerTypeCount(
                    row.getString("worker_type"),
                    RequestStatus.valueOf(row.getString("status")),
                    row.getLong("requests")))
        .list();
  }

  private List<SessionCount> countSessions(Handle handle, String tenant, Conditions conditions) {
    String ofEach =
        Arrays.stream(RequestStatus.values())
            .map("count(CASE WHEN r.status = '%1$s' THEN 1 END) AS %1$s"::formatted)
            .collect(Collectors.joining(", "));
    String sql =
        """
        SELECT r.source, r.session, %s FROM request r %s GROUP BY r.source, r.session
        ORDER BY count(*) DESC, %s, %s LIMIT :limit
        """
            .formatted(
                ofEach,
                WHERE + conditions.all(),
                dialect.byCodePoint("r.source"),
                dialect.byCodePoint("r.session"));
    return query(handle, sql, tenant, conditions)
        .bind("limit", RequestCounts.MAX_SESSIONS)
        .map((row, context) -> sessionCount(row))
        .stream()
        .sorted(SessionCount.LARGEST_FIRST)
        .toList();
  }

  private static SessionCount sessionCount(ResultSet row) throws SQLException {
    Map<RequestStatus, Long> byStatus = new EnumMap<>(RequestStatus.class);
    for (RequestStatus status : RequestStatus.values()) {
      long count = row.getLong(status.name());
      if (count > 0) {
        byStatus.put(status, count);
      }
    }
    return new SessionCount(row.getString("source"), row.getString("session"), byStatus);
  }

  @Override
  public Optional<RequestDetails> find(RequestKey key) {
    String sql =
        "SELECT "
            + RequestRow.COLUMNS
            + ", r.content, r.original_content FROM request r"
            + " WHERE r.tenant = :tenant AND r.request_id = :requestId AND NOT r.finished";
    return read(
        handle ->
            handle
                .createQuery(sql)
                .bind("tenant", key.tenant())
                .bind("requestId", key.requestId())
                .map((row, context) -> details(row))
                .findOne());
  }

  private static RequestDetails details(ResultSet row) throws SQLException {
    byte[] original = row.getBytes("original_content");
    return new RequestDetails(
        RequestRow.numbered(row),
        Content.of(row.getBytes("content")),
        original == null ? null : Content.of(original));
  }

  @Override
  public long lastId() {
    return read(
        handle ->
            handle.createQuery("SELECT COALESCE(max(id), 0) FROM request").mapTo(Long.class).one());
  }

  @Override
  public List<NumberedRequest> between(
      String tenant, RequestFilter filter, long after, long upTo, int limit) {
    Conditions conditions = new Conditions(filter);
    String page =
        dialect.between(RequestRow.COLUMNS + ", " + SIZE, conditions.ids(), conditions.others());
    String sql =
        """
        SELECT %s FROM (
            SELECT r.*, sum(r.size) OVER (ORDER BY r.id) - r.size AS size_before FROM (%s) r) r
        WHERE r.size_before < :bytes ORDER BY r.id
        """
            .formatted(RequestRow.COLUMNS, page);
    return read(
        handle ->
            query(handle, sql, tenant, conditions)
                .bind("after", after)
                .bind("upTo", upTo)
                .bind("bytes", JdbcRequestStore.PAGE_BYTES)
                .bind("limit", limit)
                .map((row, context) -> RequestRow.numbered(row))
                .list());
  }

  private static Query query(Handle handle, String sql, String tenant, Conditions conditions) {
    Query query = handle.createQuery(sql).bind("tenant", tenant);
    conditions.bind(query);
    return query;
  }

  /** H2 keeps the limit with the connection, which others will use. */
  private <R> R read(Function<Handle, R> queries) {
    try {
      return transactions.read(
          handle -> {
            handle.getConfig(SqlStatements.class).setQueryTimeout(seconds);
            try {
              return queries.apply(handle);
            } finally {
              dialect.endTimeLimit().forEach(handle::execute);
            }
          });
    } catch (StoreUnavailableException e) {
      if (SqlErrors.isCanceled(e)) {
        throw new SearchTooLongException(
            "The search took longer than %d s: narrow the filter.".formatted(seconds), e);
      }
      throw e;
    }
  }
}
