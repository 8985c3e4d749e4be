package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;

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
        said(new SQLException("Connection refused\nsecond line")));
  }

  @Test
  void onlyToHaveWaitedIsSaidToo() {
    assertEquals(
        "The database does not answer: no connection to it could be had in time", said(null));
  }
}
