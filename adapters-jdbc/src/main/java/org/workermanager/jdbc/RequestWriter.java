package org.workermanager.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;

/** Writes what was decided, each kind of change with one statement for all requests. */
final class RequestWriter {

  private static final String TEXT = "TEXT";
  private static final String NAME = "VARCHAR";
  private static final String INSTANT = "TIMESTAMP WITH TIME ZONE";

  /** As much content as goes into one statement, unless a single one is larger. */
  private static final long STATEMENT_BYTES = 16L * 1024 * 1024;

  private static final int STATEMENT_ROWS = 1_000;

  /**
   * The first content is kept where a step's takes its place; a result is sent once and needs no
   * other.
   */
  private static final String NEW_CONTENT =
      ", original_content = CASE WHEN u.finished THEN r.original_content"
          + " ELSE COALESCE(r.original_content, r.content) END";

  private final Dialect dialect;
  private final RowArrays<HeldRequest> inserted;
  private final RowArrays<Change> updated;
  private final RowArrays<Change> updatedWithContent;

  RequestWriter(Dialect dialect) {
    this.dialect = dialect;
    inserted = new RowArrays<>();
    key(inserted, held -> held.request().key());
    inserted
        .with("source", NAME, held -> held.request().source())
        .with("session", NAME, held -> held.request().session())
        .with("content_type", NAME, held -> held.request().contentType())
        .with("priority", "INTEGER", held -> held.request().priority())
        .with("creation_date", INSTANT, held -> RequestRow.dateTime(held.request().creationDate()))
        .with("fingerprint", "BYTEA", held -> RequestRow.bytes(held.request().fingerprint()));
    state(inserted, HeldRequest::request);
    inserted.with(
        "content", dialect.contentType(), held -> dialect.content(held.content().bytes()));
    updated =
        state(key(new RowArrays<Change>(), change -> change.request().key()), Change::request);
    updatedWithContent =
        state(key(new RowArrays<Change>(), change -> change.request().key()), Change::request);
    updatedWithContent.with(
        "content", dialect.contentType(), change -> dialect.content(change.content().bytes()));
  }

  private static <T> RowArrays<T> key(RowArrays<T> arrays, Function<T, RequestKey> key) {
    return arrays
        .withKey("tenant", NAME, row -> key.apply(row).tenant())
        .withKey("request_id", NAME, row -> key.apply(row).requestId());
  }

  private static <T> RowArrays<T> state(RowArrays<T> arrays, Function<T, Request> request) {
    Function<T, RequestState> state = request.andThen(Request::state);
    return arrays
        .with("status", NAME, row -> state.apply(row).status().name())
        .with("since", INSTANT, row -> RequestRow.dateTime(request.apply(row).since()))
        .with("position", "INTEGER", row -> state.apply(row).position().code())
        .with("step_number", "INTEGER", row -> RequestRow.stepNumber(state.apply(row)))
        .with("worker_type", NAME, row -> state.apply(row).workerType())
        .with("dispatched_worker_type", NAME, row -> state.apply(row).dispatchedWorkerType())
        .with("dispatch", "UUID", row -> state.apply(row).dispatch())
        .with("messages", TEXT, row -> TextList.write(state.apply(row).messages()))
        .with(
            "additional_headers",
            TEXT,
            row -> RequestRow.headers(state.apply(row).additionalHeaders()))
        .with("opened_by", "BYTEA", row -> RequestRow.bytes(state.apply(row).openedBy()))
        .with("answered_by", "BYTEA", row -> RequestRow.answeredBy(state.apply(row)))
        .with("answered_before", "BYTEA", row -> RequestRow.answeredBefore(state.apply(row)))
        .with("dead_lettered", "BOOLEAN", row -> RequestRow.isDeadLettered(state.apply(row)))
        .with("history", TEXT, row -> HistoryText.write(request.apply(row).history()))
        .with("finished", "BOOLEAN", row -> state.apply(row).finished());
  }

  void write(Handle handle, Changes changes) {
    Batch batch = changes.batch();
    if (batch != null) {
      open(handle, batch);
    }
    parts(changes.inserted(), held -> held.content().size())
        .forEach(part -> insert(handle, part, batch));
    List<Change> contents = updated(changes, change -> change.content() != null);
    List<Change> others =
        updated(changes, change -> change.content() == null && change.joinsBatch());
    List<Change> silent =
        updated(changes, change -> change.content() == null && !change.joinsBatch());
    parts(contents, change -> change.content().size())
        .forEach(part -> update(handle, updatedWithContent, part, batch, NEW_CONTENT));
    parts(others, change -> 0).forEach(part -> update(handle, updated, part, batch, ""));
    parts(silent, change -> 0).forEach(part -> update(handle, updated, part, null, ""));
  }

  private static List<Change> updated(Changes changes, Predicate<Change> which) {
    return changes.updated().stream().filter(which).toList();
  }

  static void open(Handle handle, Batch batch) {
    handle
        .createUpdate("INSERT INTO open_batch (id, lease) VALUES (:id, :lease)")
        .bind("id", batch.id())
        .bind("lease", batch.lease())
        .execute();
  }

  /**
   * Numbers the rows as they come, and inserts them in key order: transactions with the same keys
   * wait for each other. A batch that takes several statements may still deadlock with another one;
   * then one of the two is run again.
   */
  private void insert(Handle handle, List<HeldRequest> rows, Batch batch) {
    String sql =
        """
        INSERT INTO request (id, batch_id, %1$s)
        SELECT id, CAST(:batch AS UUID), %1$s FROM (SELECT nextval('arrival') AS id, u.* FROM %2$s) n
        ORDER BY tenant, request_id
        """
            .formatted(inserted.names(), inserted.rows());
    inserted
        .bind(handle, handle.createUpdate(sql), rows)
        .bind("batch", batch == null ? null : batch.id())
        .execute();
  }

  private void update(
      Handle handle, RowArrays<Change> arrays, List<Change> rows, Batch batch, String alsoSet) {
    String setBatch = batch == null ? "" : ", batch_id = CAST(:batch AS UUID)";
    String sql = dialect.update(arrays.rows(), arrays.assignments() + setBatch + alsoSet);
    Update update = arrays.bind(handle, handle.createUpdate(sql), rows);
    if (batch != null) {
      update.bind("batch", batch.id());
    }
    int changed = update.execute();
    if (changed != rows.size()) {
      throw new IllegalStateException(
          changed + " of " + rows.size() + " locked requests were updated");
    }
  }

  /** Splits rows so that no statement gets too large. */
  private static <T> List<List<T>> parts(List<T> rows, ToLongFunction<T> size) {
    List<List<T>> parts = new ArrayList<>();
    List<T> part = new ArrayList<>();
    long bytes = 0;
    for (T row : rows) {
      bytes += size.applyAsLong(row);
      if (!part.isEmpty() && (bytes > STATEMENT_BYTES || part.size() == STATEMENT_ROWS)) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = size.applyAsLong(row);
      }
      part.add(row);
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
