package org.workermanager.app.client;

/** A manager did not do what it was asked to. */
public abstract sealed class ManagerException extends RuntimeException
    permits RefusedException, UnreachableException {

  private static final long serialVersionUID = 1L;

  ManagerException(String message, Throwable cause) {
    super(message, cause);
  }
}
