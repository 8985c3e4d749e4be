package org.workermanager.domain.simulation;

/** Something happened that must not, or did not that must. */
final class Violation extends Error {

  private static final long serialVersionUID = 1L;

  Violation(Promise broken, String what) {
    super(what + "\nBut " + broken.text);
  }
}
