package org.workermanager.jdbc;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the two databases do differently. */
enum Dialect {
  POSTGRESQL(
      "BYTEA",
      Map.of(
          "{bytes}", "BYTEA",
          "{fingerprints}", "BYTEA",
          "{text}", "TEXT",
          "{content}", "BYTEA",
          "{waiting}",
              "(tenant, content_type, position, priority DESC, id) WHERE status = 'NO_WORKER_AVAILABLE'")) {

    /**
     * Any number will do, as long as it is always the same. The connection that has the lock is
     * idle while another one works, for as long as that takes.
     */
    @Override
    List<String> lockSchema() {
      return List.of(
          "SET LOCAL idle_in_transaction_session_timeout = 0",
          "SELECT pg_advisory_xact_lock(7020041964)");
    }

    @Override
    String update(String source, String set) {
      return "UPDATE request r SET " + set + " FROM " + source + " WHERE " + SAME_KEY;
    }

    @Override
    List<String> close() {
      return List.of(
          """
          WITH closed AS (DELETE FROM open_batch WHERE id = :batch),
            gone AS (
              DELETE FROM request WHERE id = ANY (ARRAY(
                SELECT id FROM request WHERE batch_id = :batch AND finished
                ORDER BY tenant, request_id FOR UPDATE))
              RETURNING tenant, request_id, fingerprint)
          INSERT INTO mark SELECT tenant, request_id, fingerprint, CURRENT_TIMESTAMP FROM gone
          """);
    }

    @Override
    String findWaiting(int places) {
      return """
          SELECT found.* FROM unnest(CAST(:tenants AS VARCHAR ARRAY), CAST(:contentTypes AS VARCHAR ARRAY),
              CAST(:positions AS INTEGER ARRAY)) AS place (tenant, content_type, position)
            CROSS JOIN LATERAL (
              SELECT r.id, r.priority, octet_length(r.content) AS size FROM request r
              WHERE r.status = 'NO_WORKER_AVAILABLE' AND r.tenant = place.tenant
                AND r.content_type = place.content_type AND r.position = place.position
                AND %s
              ORDER BY r.priority DESC, r.id LIMIT :depth) found
          ORDER BY priority DESC, id LIMIT :limit OFFSET :skipped
          """
          .formatted(IN_NO_OPEN_BATCH);
    }

    @Override
    String forUpdate(String table) {
      return "FOR UPDATE OF " + table;
    }

    @Override
    String dropMarks() {
      return "DELETE FROM mark WHERE ctid IN"
          + " (SELECT ctid FROM mark WHERE finished_at < "
          + SO_LONG_AGO
          + " LIMIT :limit FOR UPDATE SKIP LOCKED)";
    }

    @Override
    Object content(byte[] bytes) {
      return bytes;
    }

    @Override
    String saveWorkers(String columns, String source) {
      return """
          INSERT INTO known_worker (%1$s) SELECT %1$s FROM %2$s ORDER BY worker_type, instance
          ON CONFLICT (worker_type, instance)
            DO UPDATE SET first_beat = EXCLUDED.first_beat, last_beat = EXCLUDED.last_beat
          """
          .formatted(columns, source);
    }

    @Override
    String byCodePoint(String column) {
      return column + " COLLATE \"C\"";
    }

    /**
     * What stands in the way of putting the two queries together is the offset: PostgreSQL would
     * read the whole table for each page where it believes that only few match.
     */
    @Override
    String between(String columns, String ids, String others) {
      return """
          SELECT %1$s FROM (
              SELECT * FROM request r
              WHERE r.id > :after AND r.id <= :upTo AND r.tenant = :tenant AND %2$s
              ORDER BY r.id OFFSET 0) r
          WHERE NOT r.finished AND %3$s ORDER BY r.id LIMIT :limit
          """
          .formatted(columns, ids, others);
    }

    @Override
    List<String> endTimeLimit() {
      return List.of();
    }
  },

  H2(
      "BLOB",
      Map.of(
          "{bytes}", "VARBINARY(32)",
          "{fingerprints}", "VARBINARY(256)",
          "{text}", "CHARACTER LARGE OBJECT",
          "{content}", "BLOB",
          "{waiting}", "(status, tenant, content_type, position, priority DESC, id)")) {

    @Override
    List<String> lockSchema() {
      return List.of(
          "CREATE TABLE IF NOT EXISTS schema_lock (id INTEGER PRIMARY KEY)",
          "MERGE INTO schema_lock KEY (id) VALUES (1)");
    }

    @Override
    String update(String source, String set) {
      return "MERGE INTO request r USING (SELECT * FROM "
          + source
          + ") u ON "
          + SAME_KEY
          + " WHEN MATCHED THEN UPDATE SET "
          + set;
    }

    /** The order of a query is not that in which H2 locks its rows, but that of one in it is. */
    @Override
    List<String> close() {
      return List.of(
          """
          SELECT r.id FROM (
              SELECT tenant, request_id FROM request WHERE batch_id = :batch AND finished
              ORDER BY tenant, request_id) u
            JOIN request r ON %s FOR UPDATE
          """
              .formatted(SAME_KEY),
          "INSERT INTO mark SELECT tenant, request_id, fingerprint, CURRENT_TIMESTAMP FROM request"
              + " WHERE batch_id = :batch AND finished",
          "DELETE FROM request WHERE batch_id = :batch AND finished",
          "DELETE FROM open_batch WHERE id = :batch");
    }

    /** H2 reads no more than it has to where the order is the index's, all of it. */
    @Override
    String findWaiting(int places) {
      String each =
          IntStream.range(0, places)
              .mapToObj(
                  i ->
                      """
                      SELECT * FROM (
                        SELECT r.id, r.priority, octet_length(r.content) AS size FROM request r
                        WHERE r.status = 'NO_WORKER_AVAILABLE' AND r.tenant = :tenant%1$d
                          AND r.content_type = :contentType%1$d AND r.position = :position%1$d
                          AND %2$s
                        ORDER BY r.status, r.tenant, r.content_type, r.position, r.priority DESC, r.id LIMIT :depth)
                      """
                          .formatted(i, IN_NO_OPEN_BATCH))
              .collect(Collectors.joining(" UNION ALL "));
      return "SELECT * FROM (" + each + ") ORDER BY priority DESC, id LIMIT :limit OFFSET :skipped";
    }

    @Override
    String forUpdate(String table) {
      return "FOR UPDATE";
    }

    @Override
    String dropMarks() {
      return "DELETE FROM mark WHERE finished_at < "
          + SO_LONG_AGO
          + " FETCH FIRST :limit ROWS ONLY";
    }

    /** More than a megabyte does not fit into H2's type for short ones. */
    @Override
    Object content(byte[] bytes) {
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    @Override
    String saveWorkers(String columns, String source) {
      return """
          MERGE INTO known_worker (%1$s) KEY (worker_type, instance)
          SELECT %1$s FROM %2$s ORDER BY worker_type, instance
          """
          .formatted(columns, source);
    }

    /** H2 compares texts by halves of surrogate pairs, but bytes, here of UTF-8, one by one. */
    @Override
    String byCodePoint(String column) {
      return "CAST(" + column + " AS VARBINARY)";
    }

    /**
     * H2 looks for an index in the conditions first, and would read all that it leads to, and sort
     * it, for each page. In a CASE it does not.
     */
    @Override
    String between(String columns, String ids, String others) {
      return """
          SELECT %1$s FROM request r
          WHERE r.id > :after AND r.id <= :upTo AND %2$s
            AND CASE WHEN r.tenant = :tenant AND NOT r.finished AND %3$s THEN TRUE ELSE FALSE END
          ORDER BY r.id LIMIT :limit
          """
          .formatted(columns, ids, others);
    }

    @Override
    List<String> endTimeLimit() {
      return List.of("SET QUERY_TIMEOUT 0");
    }
  };

  /**
   * Of the request r. The offset changes nothing but that PostgreSQL looks up each batch by its id,
   * whatever it believes about a table that changes all the time.
   */
  static final String IN_NO_OPEN_BATCH =
      "NOT EXISTS (SELECT 1 FROM open_batch o WHERE o.id = r.batch_id OFFSET 0)";

  /** By the clock that dates what is kept, which no instance's clock need agree with. */
  private static final String SO_LONG_AGO =
      "CURRENT_TIMESTAMP - CAST(:seconds AS INTEGER) * INTERVAL '1' SECOND";

  private static final String SAME_KEY = "r.tenant = u.tenant AND r.request_id = u.request_id";

  private final String contentType;
  private final Map<String, String> schemaNames;

  Dialect(String contentType, Map<String, String> schemaNames) {
    this.contentType = contentType;
    this.schemaNames = schemaNames;
  }

  /** A schema script, with its names in braces replaced. */
  String schema(String script) {
    String result = script;
    for (Map.Entry<String, String> name : schemaNames.entrySet()) {
      result = result.replace(name.getKey(), name.getValue());
    }
    return result;
  }

  /** The statements that wait for others to finish with the schema, and have others wait. */
  abstract List<String> lockSchema();

  /** The SQL type of contents. */
  String contentType() {
    return contentType;
  }

  /**
   * Updates the requests whose keys are in a source of rows.
   *
   * @param source a table expression named u
   * @param set the assignments, in which r is the request and u the source
   */
  abstract String update(String source, String set);

  /** The statements that close {@code :batch}; what they remove they lock first, in key order. */
  abstract List<String> close();

  /**
   * Finds ids and sizes of {@code :limit} requests at so many places, after the {@code :skipped}
   * that come first; {@code :depth} is both together. Locks none: it would have to at each place.
   */
  abstract String findWaiting(int places);

  /** Locks the rows of this table that a query finds. */
  abstract String forUpdate(String table);

  /** Drops at most {@code :limit} of the marks made more than {@code :seconds} ago. */
  abstract String dropMarks();

  /** A content as an element of an array; null stays null. */
  abstract Object content(byte[] bytes);

  /** Inserts or updates known workers from a source of rows, in key order. */
  abstract String saveWorkers(String columns, String source);

  /** An expression by which rows are in the order of the code points of a text. */
  abstract String byCodePoint(String column);

  /**
   * The statements that end a statement's time limit, where it goes on to hold for the connection.
   */
  abstract List<String> endTimeLimit();

  /**
   * Finds the first {@code :limit} held requests r of the {@code :tenant}, by id, that come after
   * {@code :after} and up to {@code :upTo}. Reads them in this order, and no further than it has
   * to.
   *
   * @param ids a condition on the request's id
   * @param others other conditions
   */
  abstract String between(String columns, String ids, String others);
}
