package org.workermanager.amqp.embedded;

/**
 * The embedded broker could not be started or stopped; the message says why, for the person who
 * started it.
 */
public class EmbeddedBrokerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedBrokerException(String message) {
    super(message);
  }

  public EmbeddedBrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
