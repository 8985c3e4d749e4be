package org.workermanager.app.http;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A secret, and what whoever knows it may do.
 *
 * @param value 16 characters or more of those that need no escaping in a URL
 */
public record AccessToken(Role role, String value) {

  private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9\\-._~]{16,}");

  /**
   * @throws IllegalArgumentException in words that follow what it is about, without the secret
   */
  public AccessToken {
    requireNonNull(role, "role");
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "must have a token of 16 or more characters of a-z, A-Z, 0-9, '-', '.', '_' and '~'");
    }
  }

  /**
   * Reads {@code operator=TOKEN} or {@code admin=TOKEN}.
   *
   * @throws IllegalArgumentException in words that follow what it is about, without the secret
   */
  public static AccessToken parse(String text) {
    int equals = text.indexOf('=');
    String role = equals < 0 ? "" : text.substring(0, equals);
    for (Role known : Role.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(role)) {
        return new AccessToken(known, text.substring(equals + 1));
      }
    }
    throw new IllegalArgumentException("must be operator=TOKEN or admin=TOKEN");
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "token of " + role;
  }
}
