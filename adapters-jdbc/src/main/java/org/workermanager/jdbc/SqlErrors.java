package org.workermanager.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.workermanager.domain.store.StoreException;
import org.workermanager.domain.store.StoreRefusedException;
import org.workermanager.domain.store.StoreUnavailableException;

/** Sorts errors of the database by what can be done about them. */
final class SqlErrors {

  /**
   * Another transaction came first: a unique key, a deadlock, a serialization failure, H2's lock
   * time-out.
   */
  private static final Set<String> CONFLICTS = Set.of("23505", "40001", "40P01", "HYT00");

  /**
   * Classes of errors that the data causes: data exceptions, broken constraints, exceeded limits.
   */
  private static final Set<String> CAUSED_BY_DATA = Set.of("22", "23", "54");

  private SqlErrors() {}

  /** Whether the same transaction may well succeed when it is run again. */
  static boolean isConflict(Throwable error) {
    SQLException sql = sqlException(error);
    return sql != null && CONFLICTS.contains(String.valueOf(sql.getSQLState()));
  }

  static StoreException translate(RuntimeException error) {
    SQLException sql = sqlException(error);
    String state = sql == null || sql.getSQLState() == null ? "" : sql.getSQLState();
    // the first line says what; the others repeat the statement, and may show data
    String what = firstLine(sql == null ? error : sql);
    boolean data = state.length() == 5 && CAUSED_BY_DATA.contains(state.substring(0, 2));
    return data && !isConflict(error)
        ? new StoreRefusedException("The database cannot keep it: " + what, error)
        : new StoreUnavailableException("The database does not answer: " + what, error);
  }

  static String firstLine(Throwable error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }

  static SQLException sqlException(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
