package org.workermanager.amqp.connection;

/** Told how consuming goes, on the service's thread. */
public interface ConsumingListener {

  /**
   * The instance id is ours alone on this broker, and heartbeats are heard; nothing else is
   * consumed yet. Told each time before consuming begins; a store or broker that turns out to be
   * unavailable here is tried again.
   *
   * @return whether to go on; if not, it ends here
   */
  default boolean claimed() {
    return true;
  }

  /** All queues are consumed, for the first time or again. */
  default void consuming() {}

  /**
   * Another process runs under the same instance id, or a lost connection of ours has not been
   * noticed by the broker yet; it is tried again until it works. Told once for each time that it
   * happens.
   */
  default void instanceInUse(String problem) {}
}
