package org.workermanager.amqp.wire;

/**
 * A message is not what the protocol wants on its queue; the message says why, for whoever finds it
 * set aside.
 */
public final class UnreadableMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnreadableMessageException(String reason) {
    super(reason);
  }
}
