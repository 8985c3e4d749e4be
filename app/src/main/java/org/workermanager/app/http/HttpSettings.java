package org.workermanager.app.http;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where operators are served, and who they are.
 *
 * @param address to listen at; port 0 for any. Where another program has the port, the next free
 *     one is taken
 * @param tokens one of which every call must bring; only on a loopback address there may be none:
 *     then whoever can reach it may do everything
 * @param largestBody of a call, in bytes
 */
public record HttpSettings(InetSocketAddress address, List<AccessToken> tokens, int largestBody) {

  /** Enough for configurations of many thousand workers: 16 MiB. */
  public static final int USUAL_LARGEST_BODY = 16 << 20;

  private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]+):(\\d{1,5})");
  private static final int LAST_PORT = 65_535;

  /**
   * @throws IllegalArgumentException if everybody could call, or the host is not known
   */
  public HttpSettings {
    requireNonNull(address, "address");
    tokens = List.copyOf(tokens);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("unknown host: " + address.getHostString());
    }
    if (tokens.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "others can reach " + address.getHostString() + ": there must be tokens");
    }
    if (largestBody < 1) {
      throw new IllegalArgumentException("largestBody must be 1 or more, not " + largestBody);
    }
  }

  /** With bodies of the usual size. */
  public HttpSettings(InetSocketAddress address, List<AccessToken> tokens) {
    this(address, tokens, USUAL_LARGEST_BODY);
  }

  /**
   * Reads {@code HOST:PORT}, with an IPv6 address in brackets.
   *
   * @throws IllegalArgumentException in words that follow what it is about
   */
  public static InetSocketAddress parseAddress(String text) {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
      throw new IllegalArgumentException(
          "must be HOST:PORT, such as 127.0.0.1:8085 or [::1]:8085, not '" + text + "'");
    }
    try {
      return new InetSocketAddress(
          InetAddress.getByName(parts.group(1)), Integer.parseInt(parts.group(2)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("names a host that is not known: " + parts.group(1), e);
    }
  }

  boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }
}
