package org.workermanager.domain.monitor;

import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.response.Response;

/**
 * What the domain reports, for logs and metrics. Every method does nothing unless implemented. They
 * are called on the threads that do the work, at the same time, and must neither block nor throw.
 */
public interface Monitor {

  /** Reports nothing. */
  Monitor NONE = new Monitor() {};

  /**
   * The first instance of a worker type beat.
   *
   * @param configured whether any tenant has a worker of this type, written so
   */
  default void workerTypeAlive(String workerType, boolean configured) {}

  /** The last instance of a worker type fell silent. */
  default void workerTypeSilent(String workerType) {}

  /** An instance lives, but its clock is behind by more than the heartbeat expiry; told once. */
  default void workerClockWrong(Heartbeat beat) {}

  /** A tenant's configuration took effect on this instance; also when the tenant is new. */
  default void configured(String tenant) {}

  /** Nothing is dispatched to this worker type from now on: an operator has paused it. */
  default void workerTypePaused(String workerType) {}

  /** An operator has resumed dispatching to this worker type. */
  default void workerTypeResumed(String workerType) {}

  /**
   * Requests were sent to a worker type longer ago than its dispatch time-out, and stay as they
   * are; told when that begins, and when the reason changes.
   *
   * @param reason why nothing is done about it, as a sentence
   */
  default void overdue(String tenant, String workerType, long requests, String reason) {}

  /** Another instance of the manager has not renewed its lease: what it left open is taken over. */
  default void instanceSilent(String instance) {}

  /** A request is stored in this state. */
  default void moved(Request request) {}

  /** A submission was answered {@code SKIPPED}. */
  default void skipped(Response response) {}

  /** A reply or dead letter changed nothing. */
  default void ignored(RequestKey key, Transition.Reason reason) {}

  /** An additional header of a reply is not passed on, and why. */
  default void headerDropped(RequestKey key, String header, String reason) {}

  /** The broker does not take a response. */
  default void responseRefused(Response response, String reason) {}

  /** The broker does not take a dispatch; the request waits. */
  default void dispatchRefused(Request request, String reason) {}
}
