package org.workermanager.app.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;

/**
 * Where a manager's HTTP side is.
 *
 * @param root without a slash at its end
 */
public record ManagerAddress(URI root) {

  /** Where one listens that was told nothing else. */
  public static final String USUAL = "http://127.0.0.1:8085";

  public ManagerAddress {
    requireNonNull(root, "root");
  }

  /**
   * Reads an address such as {@code http://127.0.0.1:8085}; behind a proxy it may have a path.
   *
   * @throws IllegalArgumentException saying what it must be
   */
  public static ManagerAddress parse(String text) {
    try {
      URI uri = new URI(text.replaceFirst("/+$", ""));
      if (isHttp(uri)
          && uri.getHost() != null
          && uri.getPort() <= 65_535
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return new ManagerAddress(uri);
      }
    } catch (URISyntaxException e) {
      // told below; its own words may repeat a password
    }
    throw new IllegalArgumentException(
        "must be http://HOST:PORT or https://HOST:PORT, without user and password");
  }

  private static boolean isHttp(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
  }

  /** What is called so there; both as they go on the wire. */
  URI resolve(String path, String query) {
    return URI.create(root + path + (query.isEmpty() ? "" : "?" + query));
  }

  /** A text as it may stand in a path or a query, whatever it has in it. */
  static String encode(String text) {
    // between slashes these would mean another folder
    return text.equals(".") || text.equals("..")
        ? text.replace(".", "%2E")
        : URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
