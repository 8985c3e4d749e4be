package org.workermanager.domain.simulation;

/** A message on a broker. */
final class Message<T> {

  private final T body;
  private boolean redelivered;

  Message(T body) {
    this.body = body;
  }

  T body() {
    return body;
  }

  /** Whether it was delivered before, to whomever: which does not mean that it was handled. */
  boolean isRedelivered() {
    return redelivered;
  }

  void handedBack() {
    redelivered = true;
  }

  @Override
  public String toString() {
    return body + (redelivered ? " (redelivered)" : "");
  }
}
