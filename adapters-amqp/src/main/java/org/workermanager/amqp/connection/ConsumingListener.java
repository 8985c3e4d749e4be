package org.workermanager.amqp.connection;

/** Told how consuming goes, on the service's thread. */
public interface ConsumingListener {

  /** All queues are consumed, for the first time or again. */
  default void consuming() {}

  /**
   * Another process runs under the same instance id; it is tried again, but will not work while
   * that one runs.
   */
  default void instanceInUse(String problem) {}
}
