package org.workermanager.jdbc;

/**
 * The database cannot be used, now or as it is; the message is one line that says why and what to
 * do.
 */
public final class DatabaseNotUsableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DatabaseNotUsableException(String message, Throwable cause) {
    super(message, cause);
  }
}
