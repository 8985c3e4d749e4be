package org.workermanager.amqp.embedded;

/** The port that the embedded broker should listen on is taken; another one may be free. */
public final class PortInUseException extends EmbeddedBrokerException {

  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(int port, Throwable cause) {
    super(
        "Port " + port + " of 127.0.0.1 is in use: stop what listens there, or choose another",
        cause);
    this.port = port;
  }

  /**
   * Tells which port was asked for.
   *
   * @return the port that is in use
   */
  public int port() {
    return port;
  }
}
