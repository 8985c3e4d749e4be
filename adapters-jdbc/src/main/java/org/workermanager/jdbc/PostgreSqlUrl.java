package org.workermanager.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URL of a PostgreSQL database. */
record PostgreSqlUrl(String url) implements DatabaseUrl {

  static final String PREFIX = "jdbc:postgresql:";

  private static final Pattern LOCATION =
      Pattern.compile(PREFIX + "(//(?<servers>[^/]*)/)?(?<database>[^/:;&=]*)");

  /**
   * A session stays read-only where that was set for its role, or its server has become a replica;
   * a new one need not be.
   */
  private static final Set<String> READ_ONLY = Set.of("25006");

  /** Kept here, since Java forgets loggers, and their levels, that nobody has. */
  private static final Logger DRIVERS_LOG = Logger.getLogger("org.postgresql");

  static {
    // it repeats URLs, with passwords, and what it has to say about errors it throws as well
    if (DRIVERS_LOG.getLevel() == null) {
      DRIVERS_LOG.setLevel(Level.OFF);
    }
  }

  static PostgreSqlUrl parse(String url) {
    String location = url.split("\\?", 2)[0];
    DatabaseUrl.checkNoLogin(location);
    Matcher parts = LOCATION.matcher(location);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "must be jdbc:postgresql://host:port/database?parameter=value");
    }
    if (parts.group("servers") != null) {
      DatabaseUrl.checkServers(parts.group("servers"));
    }
    if (parts.group("database").isEmpty()) {
      // the driver would take the one that is named like the user
      throw new IllegalArgumentException("must name the database: jdbc:postgresql://host/database");
    }
    Arrays.stream(parameters(url)).forEach(PostgreSqlUrl::check);
    return new PostgreSqlUrl(url);
  }

  private static DriverPropertyInfo[] parameters(String url) {
    try {
      return DriverManager.getDriver(url).getPropertyInfo(url, new Properties());
    } catch (SQLException e) {
      throw new IllegalArgumentException("must be something that PostgreSQL's driver understands");
    }
  }

  /** Of other parameters the driver takes more than it says. */
  private static void check(DriverPropertyInfo parameter) {
    if (parameter.name.equals("sslmode")
        && parameter.value != null
        && Arrays.stream(parameter.choices).noneMatch(parameter.value::equalsIgnoreCase)) {
      throw new IllegalArgumentException(
          "must have one of these as sslmode: " + String.join(", ", parameter.choices));
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Override
  public boolean isExclusive() {
    return false;
  }

  @Override
  public String caution() {
    Map<String, String> set = new HashMap<>();
    for (DriverPropertyInfo parameter : parameters(url)) {
      set.put(parameter.name, String.valueOf(parameter.value).toLowerCase(Locale.ROOT));
    }
    String mode = set.get("sslmode");
    boolean verifies = mode.startsWith("verify") || set.get("ssl").equals("true");
    boolean meantToBeSecure = mode.equals("require") || !set.get("sslrootcert").equals("null");
    return meantToBeSecure && !verifies || set.get("sslfactory").contains("nonvalidating")
        ? "Others could pass for it: the certificate is not verified. Set sslmode=verify-full and sslrootcert=FILE"
            + " in the JDBC URL"
        : null;
  }

  @Override
  public void configure(HikariConfig pool, Duration patience) {
    pool.setExceptionOverride(new Replaced(READ_ONLY));
    pool.setDriverClassName("org.postgresql.Driver");
    pool.setJdbcUrl(url);
    pool.addDataSourceProperty("ApplicationName", "worker-manager");
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    pool.addDataSourceProperty("connectTimeout", Long.toString(Math.max(1, patience.toSeconds())));
    // longer than any statement of ours takes; without it a database that vanished is waited for
    // for ever
    pool.addDataSourceProperty("socketTimeout", "30");
    // a process that is stopped in the middle of a transaction must not hold its locks for ever
    pool.setConnectionInitSql("SET idle_in_transaction_session_timeout = '10s'");
  }

  @Override
  public String toString() {
    return DatabaseUrl.withoutParameters(url);
  }
}
