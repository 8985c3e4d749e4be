package org.workermanager.app.http;

/** What an operator can do to held requests (PROTOCOL section 8). */
enum OperationKind {
  /** Dispatch them once more, at the step where they stand. */
  RETRY,
  /** Hold them no longer; their requesters are not told. */
  DELETE
}
