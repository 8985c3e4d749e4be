package org.workermanager.app.http;

/** Nothing can listen where operators were to be served; the message says why. */
public final class HttpStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HttpStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
