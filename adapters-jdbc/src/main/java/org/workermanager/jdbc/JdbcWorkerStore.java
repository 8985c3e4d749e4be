package org.workermanager.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.store.WorkerStore;

/**
 * Worker instances in the table {@code known_worker}. Every manager writes much the same ones at
 * much the same time: each locks those that are there first, in key order, so that no two can wait
 * for each other.
 */
final class JdbcWorkerStore implements WorkerStore {

  private static final String NAME = "VARCHAR";
  private static final String INSTANT = "TIMESTAMP WITH TIME ZONE";

  private static final RowArrays<KnownWorker> KEYS = keys();

  private static final RowArrays<KnownWorker> ALL =
      keys()
          .with("first_beat", INSTANT, worker -> RequestRow.dateTime(worker.firstBeat()))
          .with("last_beat", INSTANT, worker -> RequestRow.dateTime(worker.lastBeat()));

  private final Dialect dialect;
  private final Transactions transactions;

  JdbcWorkerStore(Dialect dialect, Transactions transactions) {
    this.dialect = dialect;
    this.transactions = transactions;
  }

  private static RowArrays<KnownWorker> keys() {
    return new RowArrays<KnownWorker>()
        .withKey("worker_type", NAME, KnownWorker::workerType)
        .withKey("instance", NAME, KnownWorker::instance);
  }

  @Override
  public List<KnownWorker> all() {
    return transactions.run(
        handle ->
            handle
                .createQuery(
                    "SELECT worker_type, instance, first_beat, last_beat FROM known_worker"
                        + " ORDER BY worker_type, instance")
                .map(
                    (row, context) ->
                        new KnownWorker(
                            row.getString("worker_type"),
                            row.getString("instance"),
                            RequestRow.instant(row, "first_beat"),
                            RequestRow.instant(row, "last_beat")))
                .list());
  }

  @Override
  public void save(Collection<KnownWorker> alive, Collection<KnownWorker> gone) {
    List<KnownWorker> named = new ArrayList<>(alive);
    named.addAll(gone);
    transactions.run(
        handle -> {
          lock(handle, named);
          if (!gone.isEmpty()) {
            delete(handle, gone);
          }
          if (!alive.isEmpty()) {
            ALL.bind(
                    handle,
                    handle.createUpdate(dialect.saveWorkers(ALL.names(), ALL.rows())),
                    alive)
                .execute();
          }
          return null;
        });
  }

  private void lock(Handle handle, Collection<KnownWorker> workers) {
    String sql =
        """
        SELECT w.instance FROM (
            SELECT DISTINCT worker_type, instance FROM %s ORDER BY worker_type, instance) u
          JOIN known_worker w ON w.worker_type = u.worker_type AND w.instance = u.instance
        ORDER BY w.worker_type, w.instance %s
        """
            .formatted(KEYS.rows(), dialect.forUpdate("w"));
    KEYS.bind(handle, handle.createQuery(sql), workers).mapTo(String.class).list();
  }

  private static void delete(Handle handle, Collection<KnownWorker> workers) {
    String sql =
        "DELETE FROM known_worker WHERE (worker_type, instance) IN (SELECT worker_type, instance FROM "
            + KEYS.rows()
            + ")";
    KEYS.bind(handle, handle.createUpdate(sql), workers).execute();
  }
}
