package org.workermanager.domain.store;

/** A store could not do what it was asked to. */
public abstract class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  protected StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
