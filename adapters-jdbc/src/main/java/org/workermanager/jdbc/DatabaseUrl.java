package org.workermanager.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL that has been checked, as far as that goes without a connection. What is said about
 * one that is refused repeats nothing of it: that might be a password.
 */
sealed interface DatabaseUrl permits H2Url, PostgreSqlUrl {

  Pattern SERVER = Pattern.compile("(?:\\[[^\\]]*\\]|[^:\\[\\]]*)(?::(?<port>\\d{1,5}))?");

  /**
   * Checks a URL.
   *
   * @throws IllegalArgumentException if no connection can come of it; says what it must be
   */
  static DatabaseUrl parse(String url) {
    if (url.startsWith(PostgreSqlUrl.PREFIX)) {
      return PostgreSqlUrl.parse(url);
    } else if (url.startsWith(H2Url.PREFIX)) {
      return H2Url.parse(url);
    }
    throw new IllegalArgumentException(
        "must begin with " + PostgreSqlUrl.PREFIX + " or " + H2Url.PREFIX);
  }

  /** Checks {@code host:port,host:port}. */
  static void checkServers(String servers) {
    checkNoLogin(servers);
    for (String server : servers.split(",")) {
      Matcher parts = SERVER.matcher(server);
      if (!parts.matches() || !isPort(parts.group("port"))) {
        throw new IllegalArgumentException(
            "must have a number from 1 to 65535 as its port, if it has one");
      }
    }
  }

  /** The drivers would take a login for a part of the port, or of the database's name. */
  static void checkNoLogin(String location) {
    if (location.contains("@")) {
      throw new IllegalArgumentException(
          "must not hold user:password@: user and password have settings of their own");
    }
  }

  private static boolean isPort(String port) {
    return port == null || Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65_535;
  }

  Dialect dialect();

  /** Whether no other process can use the database at the same time. */
  boolean isExclusive();

  /** What should be thought about though it works, as a sentence; null if nothing. */
  String caution();

  /** A URL without what comes after the database's name, where it may hold a password. */
  static String withoutParameters(String url) {
    return url.split("[?;]", 2)[0];
  }

  /** Has a pool connect to this database. */
  void configure(HikariConfig pool, Duration patience);
}
