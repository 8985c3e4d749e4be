package org.workermanager.app.chaos;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed in the end, also when somebody presses Ctrl-C. Thread-safe. */
final class OpenThings implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  synchronized <T extends AutoCloseable> T add(T thing) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    open.push(thing);
    return thing;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Closes everything, the last one first; waits when somebody else is at it. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      AutoCloseable next = open.pop();
      try {
        next.close();
      } catch (Exception e) {
        System.err.println("Could not be closed: " + next + ": " + e);
      }
    }
  }
}
