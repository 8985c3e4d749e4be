package org.workermanager.domain.simulation;

/** What goes on at the same time in a manager process: each is a thread where it is real. */
enum Lane {
  CONNECT,
  LEASE,
  REQUESTS,
  REPLIES,
  DEAD_LETTERS,
  HEARTBEATS,
  TICK,
  OVERDUE,
  DISPATCH,
  OPERATOR
}
