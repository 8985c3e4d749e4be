package org.workermanager.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.workermanager.domain.store.LeaseStore;

/**
 * Leases in the table {@code lease}. Each statement is a transaction of its own: a process that is
 * stopped between two of them holds up nobody who ends its lease.
 */
final class JdbcLeaseStore implements LeaseStore {

  private static final String SO_LONG_FROM_NOW =
      "CURRENT_TIMESTAMP + CAST(:seconds AS INTEGER) * INTERVAL '1' SECOND";

  private final Transactions transactions;

  JdbcLeaseStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void begin(UUID lease, String instance, Duration length) {
    transactions.runSingle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO lease (id, instance, ends_at) VALUES (:id, :instance, "
                        + SO_LONG_FROM_NOW
                        + ")")
                .bind("id", lease)
                .bind("instance", instance)
                .bind("seconds", length.toSeconds())
                .execute());
  }

  @Override
  public boolean renew(UUID lease, Duration length) {
    int renewed =
        transactions.runSingle(
            handle ->
                handle
                    .createUpdate(
                        "UPDATE lease SET ends_at = " + SO_LONG_FROM_NOW + " WHERE id = :id")
                    .bind("id", lease)
                    .bind("seconds", length.toSeconds())
                    .execute());
    return renewed > 0;
  }

  @Override
  public void end(UUID lease) {
    transactions.runSingle(
        handle ->
            handle.createUpdate("DELETE FROM lease WHERE id = :id").bind("id", lease).execute());
  }

  @Override
  public void endOf(String instance) {
    transactions.runSingle(
        handle ->
            handle
                .createUpdate("DELETE FROM lease WHERE instance = :instance")
                .bind("instance", instance)
                .execute());
  }

  @Override
  public void endOthers(UUID lease) {
    transactions.runSingle(
        handle ->
            handle.createUpdate("DELETE FROM lease WHERE id <> :id").bind("id", lease).execute());
  }

  /** {@inheritDoc} One that is renewed after it was found here is not ended. */
  @Override
  public List<String> endExpired() {
    record Expired(UUID id, String instance) {}
    return transactions.runSingle(
        handle -> {
          List<Expired> found =
              handle
                  .createQuery("SELECT id, instance FROM lease WHERE ends_at < CURRENT_TIMESTAMP")
                  .map(
                      (row, context) ->
                          new Expired(row.getObject("id", UUID.class), row.getString("instance")))
                  .list();
          List<String> ended = new ArrayList<>();
          for (Expired expired : found) {
            int gone =
                handle
                    .createUpdate(
                        "DELETE FROM lease WHERE id = :id AND ends_at < CURRENT_TIMESTAMP")
                    .bind("id", expired.id())
                    .execute();
            if (gone > 0) {
              ended.add(expired.instance());
            }
          }
          return ended;
        });
  }
}
