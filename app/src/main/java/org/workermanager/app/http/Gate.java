package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out who calls. Pages of other sites that a browser shows on this machine can reach a
 * loopback address too: they are told by the headers {@code Host} and {@code Origin}.
 */
final class Gate {

  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(:\\d+)?");
  private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");
  private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +(\\S+) *");

  private final boolean loopback;
  private final List<AccessToken> tokens;

  Gate(HttpSettings settings) {
    loopback = settings.isLoopback();
    tokens = settings.tokens();
  }

  /**
   * What the caller may do.
   *
   * @throws Problem if it is nothing
   */
  Role admit(Headers headers) {
    String host = only(headers, "Host");
    if (loopback && !isLoopback(host)) {
      throw Problem.forbidden(
          "The header Host must name this machine itself (localhost, 127.0.0.1 or [::1]).");
    }
    requireSameOrigin(headers, host);
    return tokens.isEmpty() ? Role.ADMIN : role(headers);
  }

  private static String only(Headers headers, String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw Problem.malformed("The header " + name + " is there several times.");
    }
    return values.isEmpty() ? null : values.get(0).trim();
  }

  private static boolean isLoopback(String host) {
    Matcher parts = HOST.matcher(host == null ? "" : host);
    if (!parts.matches()) {
      return false;
    }
    String name = parts.group(1);
    if (!name.startsWith("[")) {
      return name.equalsIgnoreCase("localhost") || IPV4_LOOPBACK.matcher(name).matches();
    }
    try {
      // in brackets it is an address, which nobody has to be asked for
      return InetAddress.getByName(name).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void requireSameOrigin(Headers headers, String host) {
    String origin = only(headers, "Origin");
    if (origin != null
        && !origin.equalsIgnoreCase("http://" + host)
        && !origin.equalsIgnoreCase("https://" + host)) {
      throw Problem.forbidden("Pages of other sites may not call this.");
    }
  }

  private Role role(Headers headers) {
    String authorization = only(headers, "Authorization");
    Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
    if (!bearer.matches()) {
      throw Problem.unauthorized("A token is needed: Authorization: Bearer TOKEN.");
    }
    byte[] given = bearer.group(1).getBytes(ISO_8859_1);
    Role role = null;
    // all of them, in the same time whatever is given
    for (AccessToken token : tokens) {
      boolean same = MessageDigest.isEqual(given, token.value().getBytes(ISO_8859_1));
      if (same && (role == null || token.role().includes(role))) {
        role = token.role();
      }
    }
    if (role == null) {
      throw Problem.unauthorized("The token is not known.");
    }
    return role;
  }
}
