package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.store.StoreException;
import org.workermanager.domain.store.StoreUnavailableException;

class SqlErrorsTest {

  private static String said(SQLException cause) {
    SQLException timedOut =
        new SQLTransientConnectionException("pool - not available (total=0)", "08001", cause);
    return SqlErrors.translate(new ConnectionException(timedOut)).getMessage();
  }

  @Test
  void whatThePoolMetIsSaidAndNotHowThePoolIs() {
    assertEquals(
        "The database does not answer: Connection refused",
        said(new SQLException("Connection refused.\nsecond line")));
  }

  @Test
  void onlyToHaveWaitedIsSaidToo() {
    assertEquals(
        "The database does not answer: no connection to it could be had in time", said(null));
  }

  @Test
  void whatAnswersAndKeepsNothingIsSaidToBeSo() {
    SQLException full =
        new SQLException(
            "ERROR: could not extend file \"base/5/1\": No space left on device", "53100");
    assertEquals("The database has no disk space left: free some", kept(full));
    SQLException readOnly =
        new SQLException("cannot execute INSERT in a read-only transaction", "25006");
    assertTrue(kept(readOnly).startsWith("The database is read-only: "), kept(readOnly));
    SQLException empty = new SQLException("ERROR: relation \"lease\" does not exist", "42P01");
    assertTrue(kept(empty).startsWith("The database has lost its tables: "), kept(empty));
  }

  @Test
  void whoMayNotCreateTablesIsToldWhatToDo() {
    SQLException denied = new SQLException("ERROR: permission denied for schema public", "42501");
    assertEquals(
        "Database d: make the user the owner of the database (ALTER DATABASE ... OWNER TO ...)"
            + " (ERROR: permission denied for schema public)",
        SqlErrors.notUsable("d", new RuntimeException(denied)).getMessage());
  }

  private static String kept(SQLException cause) {
    StoreException translated = SqlErrors.translate(new RuntimeException(cause));
    return assertInstanceOf(StoreUnavailableException.class, translated).getMessage();
  }
}
