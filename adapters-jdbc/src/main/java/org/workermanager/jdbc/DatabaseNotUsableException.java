package org.workermanager.jdbc;

/**
 * The database cannot be used, now or as it is; the message is one line that says why and what to
 * do.
 */
public final class DatabaseNotUsableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  DatabaseNotUsableException(String message, boolean lasting, Throwable cause) {
    super(message, cause);
    this.lasting = lasting;
  }

  /** Whether trying again is pointless: the settings are wrong, or the program is too old. */
  public boolean isLasting() {
    return lasting;
  }
}
