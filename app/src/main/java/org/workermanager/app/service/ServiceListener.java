package org.workermanager.app.service;

/** Told what becomes of a service; called on the service's threads. */
public interface ServiceListener {

  /** Consuming, for the first time. */
  default void ready() {}

  /**
   * The service cannot start as it is set up, and trying again will not help; it is to be closed.
   */
  default void failed(String reason) {}
}
