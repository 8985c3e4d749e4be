package org.workermanager.domain.request;

import java.util.HexFormat;

/**
 * The SHA-256 of a message's body, headers and properties, as 64 hexadecimal digits: tells a
 * message that the broker delivers again from another one with the same request id (PROTOCOL
 * section 2).
 */
public record Fingerprint(String hex) {

  public Fingerprint {
    if (hex.length() != 64) {
      throw new IllegalArgumentException(
          "a fingerprint has 64 hexadecimal digits, not " + hex.length());
    }
  }

  /** The fingerprint with these 32 bytes. */
  public static Fingerprint of(byte[] sha256) {
    return new Fingerprint(HexFormat.of().formatHex(sha256));
  }

  /** The 32 bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }
}
