package org.workermanager.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
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

  /** It answers, and nothing can be done with it all the same: PostgreSQL's, and H2's. */
  private static final Map<String, String> CANNOT_KEEP =
      Map.of(
          "53100",
          "The database has no disk space left: free some",
          "25006",
          "The database is read-only: have it take changes, or name another one in the JDBC URL",
          "90097",
          "The database is read-only: have it take changes",
          "42P01",
          "The database has lost its tables: restore it, or restart this program, which creates them");

  /** H2's, about reading, opening and creating files. */
  private static final Set<String> BAD_FILES = Set.of("90028", "90031", "90062");

  /**
   * A PostgreSQL driver's parameter; H2's relative path, form of the URL, duplicate setting,
   * unknown mode, unknown setting.
   */
  private static final Set<String> BAD_URL =
      Set.of("22023", "90011", "90046", "90066", "90088", "90113");

  private SqlErrors() {}

  /** Whether the same transaction may well succeed when it is run again. */
  static boolean isConflict(Throwable error) {
    SQLException sql = sqlException(error);
    return sql != null && CONFLICTS.contains(String.valueOf(sql.getSQLState()));
  }

  /** Whether a statement took longer than it may, or somebody stopped it. */
  static boolean isCanceled(Throwable error) {
    SQLException sql = sqlException(error);
    return sql != null && "57014".equals(sql.getSQLState());
  }

  static StoreException translate(RuntimeException error) {
    SQLException sql = sqlException(error);
    String state = sql == null || sql.getSQLState() == null ? "" : sql.getSQLState();
    // the first line says what; the others repeat the statement, and may show data
    String what =
        sql instanceof SQLTransientConnectionException pool
            ? why(pool)
            : firstLine(sql == null ? error : sql);
    String tls = TlsErrors.describe(error);
    if (tls != null) {
      return new StoreUnavailableException("The database does not answer: " + tls, error);
    }
    boolean data = state.length() == 5 && CAUSED_BY_DATA.contains(state.substring(0, 2));
    return data && !isConflict(error)
        ? new StoreRefusedException("The database cannot keep it: " + what, error)
        : new StoreUnavailableException(
            CANNOT_KEEP.getOrDefault(state, "The database does not answer: " + what), error);
  }

  /** The pool speaks of itself; what it met is below that, if it met anything but waiting. */
  private static String why(SQLTransientConnectionException pool) {
    return pool.getCause() instanceof SQLException met
        ? firstLine(met)
        : "no connection to it could be had in time";
  }

  /** Why a database cannot be opened, and what to do. */
  static DatabaseNotUsableException notUsable(String database, RuntimeException error) {
    SQLException sql = sqlException(error);
    String state = sql == null || sql.getSQLState() == null ? "" : sql.getSQLState();
    String what = firstLine(sql == null ? error : sql);
    if (what.contains("jdbc:")) {
      // that may be the URL, and a password in it
      return new DatabaseNotUsableException(
          "Database " + database + ": check the JDBC URL, the driver does not take it", true, null);
    }
    String why;
    String tls = TlsErrors.describe(error);
    if (tls != null) {
      why = tls.replace("%", "%%");
    } else if (state.startsWith("28")) {
      why = "it refuses the login: check user and password (%s)";
    } else if (state.equals("3D000")) {
      why = "it does not exist: create it, or check the JDBC URL (%s)";
    } else if (state.equals("42501")) {
      why = "make the user the owner of the database (ALTER DATABASE ... OWNER TO ...) (%s)";
    } else if (state.equals("90020")) {
      why = "another process uses it: stop that one, or use another data directory";
    } else if (state.equals("08004")) {
      why = "it does not take the connection: check host, port and sslmode in the JDBC URL (%s)";
    } else if (state.startsWith("08") || state.equals("90067")) {
      why = "nothing answers there: start the database, or check the JDBC URL (%s)";
    } else if (BAD_FILES.contains(state)) {
      why = "its files cannot be created, read or written: check the data directory (%s)";
    } else if (BAD_URL.contains(state)) {
      why = "check the JDBC URL (%s)";
    } else {
      why = "%s";
    }
    return new DatabaseNotUsableException(
        "Database " + database + ": " + why.formatted(what),
        BAD_FILES.contains(state) || BAD_URL.contains(state),
        error);
  }

  /** Without the full stop that some have: more is said after it. */
  private static String firstLine(Throwable error) {
    return String.valueOf(error.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("\\.$", "");
  }

  private static SQLException sqlException(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
