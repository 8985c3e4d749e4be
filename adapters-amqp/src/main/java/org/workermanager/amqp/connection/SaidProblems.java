package org.workermanager.amqp.connection;

import java.util.HashSet;
import java.util.Set;

/**
 * The problems that have been said since all was well, so that each is said once even where several
 * take turns. For one thread at a time.
 */
public final class SaidProblems {

  /** Some name a port or a time, and are new each time. */
  private static final int MOST = 50;

  private final Set<String> said = new HashSet<>();

  /** With none said. */
  public SaidProblems() {}

  /** Whether this one is to be said now. */
  public boolean isNew(String problem) {
    if (said.size() == MOST) {
      said.clear();
    }
    return said.add(problem);
  }

  /** All is well. */
  public void over() {
    said.clear();
  }
}
