package org.workermanager.domain.store;

/**
 * The store does not answer, or not in time; it may again later. Whether a transaction took place
 * is not known.
 */
public final class StoreUnavailableException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
