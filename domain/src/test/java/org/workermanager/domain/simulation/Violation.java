package org.workermanager.domain.simulation;

/** Something happened that must not, or did not that must. */
final class Violation extends Error {

  private static final long serialVersionUID = 1L;

  /**
   * @param guarantee what was promised, and where
   */
  Violation(String guarantee, String what) {
    super(what + "\nBut: " + guarantee);
  }
}
