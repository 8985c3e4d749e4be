package org.workermanager.jdbc;

import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

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
    for (int attempt = 1; ; attempt++) {
      try {
        return jdbi.inTransaction(work::apply);
      } catch (JdbiException e) {
        if (attempt == ATTEMPTS || !SqlErrors.isConflict(e)) {
          throw SqlErrors.translate(e);
        }
      }
    }
  }
}
