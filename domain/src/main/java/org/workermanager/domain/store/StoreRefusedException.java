package org.workermanager.domain.store;

/**
 * The store answers that it cannot keep what it was given. Nothing was stored; trying the same
 * again is pointless.
 */
public final class StoreRefusedException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
