package org.workermanager.domain.simulation;

/** What is injected at random, each at every step where it can happen. */
enum Injection {
  PROCESS_CRASHES(true, 0.01),
  PROCESS_SHUT_DOWN(false, 0.01),
  PROCESS_STOPPED_FOR_LONG(true, 0.008),
  CONNECTION_LOST(true, 0.012),
  STORE_FAILS_BEFORE_COMMIT(true, 0.02),
  STORE_FAILS_AFTER_COMMIT(true, 0.02),
  COMMIT_LANDS_LATE(true, 0.02),
  PUBLISHING_FAILS_BEFORE(true, 0.04),
  PUBLISHING_FAILS_IN_BETWEEN(true, 0.05),
  PUBLISHING_FAILS_AFTERWARDS(true, 0.04),
  STORE_AWAY(true, 0.003),
  BROKER_AWAY(true, 0.003),

  DISPATCH_REFUSED(false, 0.05),
  STORE_REFUSES_MESSAGE(false, 0.06),
  CLOCK_JUMPS(true, 0.02),
  WORKER_CLOCK_WRONG(false, 0.2),
  HEARTBEATS_LOST(false, 0.2),
  WORKER_DIES_BEFORE_REPLYING(false, 0.1),
  WORKER_DIES_BEFORE_ACKNOWLEDGING(false, 0.1),
  WORKER_ACKNOWLEDGES_AND_DIES(false, 0.08),
  WORKER_REJECTS(false, 0.1),
  WORKER_FAILS(false, 0.25),
  WORKER_GIVES_NO_CONTENT(false, 0.1),
  REPLY_DUPLICATED(false, 0.1),
  REPLIES_REORDERED(false, 0.2),
  REQUESTER_REPEATS_MESSAGE(false, 0.1),
  REQUESTER_REUSES_ID(false, 0.4),
  REQUESTER_ERRS(false, 0.1),
  OPERATOR_RETRIES(false, 0.02),
  OPERATOR_DELETES(false, 0.012),
  OPERATOR_PAUSES(false, 0.012),
  CONFIGURATION_CHANGES(false, 0.015);

  /**
   * Whether it is trouble of the manager's own surroundings: without any, nothing happens twice.
   */
  final boolean isFault;

  /** How probable it is, where it can happen, in a history that has it, on average. */
  final double usual;

  Injection(boolean isFault, double usual) {
    this.isFault = isFault;
    this.usual = usual;
  }
}
