package org.workermanager.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Has the pool replace a connection that seems alive and is of no use any more.
 *
 * @param sqlStates of the errors that tell
 */
record Replaced(Set<String> sqlStates) implements SQLExceptionOverride {

  // the unqualified name is that of an enum here
  @java.lang.Override
  public Override adjudicate(SQLException error) {
    // those that the pool knows itself stay
    return error.getSQLState() != null && sqlStates.contains(error.getSQLState())
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
