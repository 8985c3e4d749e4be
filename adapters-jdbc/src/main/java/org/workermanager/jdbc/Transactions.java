package org.workermanager.jdbc;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Runs transactions, again when another one got in the way, and says in the domain's terms why one
 * failed.
 */
record Transactions(Jdbi jdbi) {

  private static final int ATTEMPTS = 10;

  /**
   * Runs a transaction.
   *
   * @param work may be run several times. What it throws other than database errors is passed on
   */
  <R> R run(Function<Handle, R> work) {
    return untilNothingGetsInTheWay(() -> jdbi.inTransaction(work::apply));
  }

  /**
   * Runs statements that are each a transaction of their own.
   *
   * @param work may be run several times. What it throws other than database errors is passed on
   */
  <R> R runSingle(Function<Handle, R> work) {
    return untilNothingGetsInTheWay(() -> jdbi.withHandle(work::apply));
  }

  /** Runs queries that all see what was stored at one moment. */
  <R> R read(Function<Handle, R> queries) {
    return untilNothingGetsInTheWay(
        () -> jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, queries::apply));
  }

  private static <R> R untilNothingGetsInTheWay(Supplier<R> transaction) {
    for (int attempt = 1; ; attempt++) {
      try {
        return transaction.get();
      } catch (JdbiException e) {
        if (attempt == ATTEMPTS || !SqlErrors.isConflict(e)) {
          throw SqlErrors.translate(e);
        }
      }
    }
  }
}
