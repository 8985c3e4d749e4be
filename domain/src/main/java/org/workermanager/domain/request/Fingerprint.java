package org.workermanager.domain.request;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a message's body, headers and properties, as 64 hexadecimal digits in lower case:
 * tells a message that the broker delivers again from another one with the same request id
 * (PROTOCOL section 2).
 */
public record Fingerprint(String hex) {

  /** How many bytes it has. */
  public static final int BYTES = 32;

  private static final Pattern FORMAT = Pattern.compile("[0-9a-f]{64}");

  public Fingerprint {
    if (!FORMAT.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "a fingerprint has 64 hexadecimal digits, in lower case; this is '" + hex + "'");
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
