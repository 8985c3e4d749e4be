package org.workermanager.domain.request;

/** The states of a held request (PROTOCOL section 8). */
public enum RequestStatus {
  /** Just taken, no worker looked for yet; never stored in this state. */
  TO_DISPATCH,
  /** Sent to a worker type, nothing heard yet. */
  DISPATCHED,
  /** Waiting: no worker it could go to, for the reason kept with it. */
  NO_WORKER_AVAILABLE,
  /** A worker said that it has begun. */
  RUNNING,
  /** A worker found the content invalid. */
  INVALID_CONTENT,
  /** A worker failed, or the broker dead-lettered the request. */
  ERROR,
  /** Done; removed as soon as the requester has been told. */
  SUCCESS,
  /** Being deleted by an operator. */
  TO_DELETE;

  /** Whether a worker may be at work on it. */
  public boolean isSent() {
    return this == DISPATCHED || this == RUNNING;
  }
}
