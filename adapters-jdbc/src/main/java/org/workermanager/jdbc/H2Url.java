package org.workermanager.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an H2 database.
 *
 * @param location what follows the prefix: a file, a name in memory, or a server and a name there
 * @param settings by name, in upper case
 */
record H2Url(String url, String location, Map<String, String> settings) implements DatabaseUrl {

  static final String PREFIX = "jdbc:h2:";

  private static final Pattern REMOTE = Pattern.compile("(tcp|ssl):(//)?+(?<servers>[^/]*)/.+");

  private static final Pattern FILE =
      Pattern.compile("(file:)?((~|\\.{1,2})?[/\\\\]|[a-zA-Z]:[/\\\\]).+");

  private static final Pattern OTHER = Pattern.compile("(?!file:|tcp:|ssl:)[a-zA-Z]{2,}:.+");

  private static final String REGULAR = "REGULAR";
  private static final String PASSWORD = "PASSWORD";

  /**
   * H2's DATABASE_IS_CLOSED and DATABASE_CALLED_AT_SHUTDOWN. It closes one whose file it cannot
   * write, on a full disk, say; a new connection opens it again.
   */
  private static final Set<String> CLOSED = Set.of("90098", "90121");

  /** Settings for whoever gives no others. */
  private static final List<String> DEFAULTS =
      List.of(
          // what is committed is written at once
          "WRITE_DELAY=0",
          "LOCK_TIMEOUT=10000",
          // what H2 would print or write to a file of its own it throws as well
          "TRACE_LEVEL_FILE=0",
          "TRACE_LEVEL_SYSTEM_OUT=0");

  static H2Url parse(String url) {
    // a semicolon in a value follows a backslash
    String[] parts = url.substring(PREFIX.length()).split("(?<!\\\\);");
    checkLocation(parts[0]);
    Map<String, String> settings = new TreeMap<>();
    for (String setting : Arrays.asList(parts).subList(1, parts.length)) {
      if (!setting.contains("=")) {
        throw new IllegalArgumentException("must have its settings as ;NAME=VALUE");
      }
      String value = setting.substring(setting.indexOf('=') + 1);
      if (!value.equals(Objects.requireNonNullElse(settings.put(name(setting), value), value))) {
        throw new IllegalArgumentException("must have each of its settings once");
      }
    }
    if (!settings.getOrDefault("MODE", REGULAR).equalsIgnoreCase(REGULAR)) {
      throw new IllegalArgumentException("must not have a MODE: the schema is in H2's own SQL");
    }
    return new H2Url(url, parts[0], settings);
  }

  private static String name(String setting) {
    return setting.substring(0, setting.indexOf('=')).toUpperCase(Locale.ROOT);
  }

  private static void checkLocation(String location) {
    Matcher remote = REMOTE.matcher(location);
    if (remote.matches()) {
      DatabaseUrl.checkServers(remote.group("servers"));
    } else if (!FILE.matcher(location).matches() && !OTHER.matcher(location).matches()) {
      throw new IllegalArgumentException(
          "must name a file, by an absolute path or one that begins with ./ or ~/,"
              + " or be jdbc:h2:mem:name or jdbc:h2:tcp://host:port/name");
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.H2;
  }

  /** A process locks the file that it uses, unless it is told to serve others too. */
  @Override
  public boolean isExclusive() {
    return !REMOTE.matcher(location).matches()
        && settings.getOrDefault("AUTO_SERVER", "FALSE").equalsIgnoreCase("FALSE");
  }

  @Override
  public String caution() {
    return null;
  }

  @Override
  public void configure(HikariConfig pool, Duration patience) {
    StringBuilder complete = new StringBuilder(PREFIX + location);
    settings.forEach(
        (name, value) -> {
          // the pool logs URLs, if it is told to log much
          if (name.equals(PASSWORD)) {
            pool.setPassword(value.replaceAll("\\\\(.)", "$1"));
          } else {
            complete.append(';').append(name).append('=').append(value);
          }
        });
    DEFAULTS.stream()
        .filter(setting -> !settings.containsKey(name(setting)))
        .forEach(setting -> complete.append(';').append(setting));
    if (isExclusive() && !settings.containsKey("DB_CLOSE_ON_EXIT")) {
      // the pool closes the database, not the JVM's exit; H2 has no such thing for a shared one
      complete.append(";DB_CLOSE_ON_EXIT=FALSE");
    }
    pool.setExceptionOverride(new Replaced(CLOSED));
    pool.setDriverClassName("org.h2.Driver");
    pool.setJdbcUrl(complete.toString());
  }

  @Override
  public String toString() {
    return DatabaseUrl.withoutParameters(url);
  }
}
