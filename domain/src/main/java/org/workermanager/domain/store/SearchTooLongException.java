package org.workermanager.domain.store;

/**
 * A search was given up: it would have looked through too much for too long. The message says so to
 * whoever asked, and what to do about it.
 */
public final class SearchTooLongException extends StoreException {

  private static final long serialVersionUID = 1L;

  public SearchTooLongException(String message, Throwable cause) {
    super(message, cause);
  }
}
