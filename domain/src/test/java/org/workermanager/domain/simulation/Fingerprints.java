package org.workermanager.domain.simulation;

import org.workermanager.domain.request.Fingerprint;

/** A different one for each message. */
final class Fingerprints {

  private static final String ZEROS = "0".repeat(64);

  private int last;

  Fingerprint next() {
    String hex = Integer.toHexString(++last);
    return new Fingerprint(ZEROS.substring(hex.length()) + hex);
  }
}
