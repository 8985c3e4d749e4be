package org.workermanager.domain.simulation;

/** Unwinds the calls of a process that has just died: nothing of it goes on. */
final class ProcessDied extends Error {

  private static final long serialVersionUID = 1L;

  ProcessDied() {
    super("the process died", null, false, false);
  }
}
