package org.workermanager.domain.publish;

/**
 * The broker does not answer, or not in time; it may again later. What was published before that is
 * not known.
 */
public final class BrokerUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BrokerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
