package org.workermanager.jdbc;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Which database to use and how.
 *
 * @param url {@code jdbc:postgresql:...} or {@code jdbc:h2:...}
 * @param user may be null, where the URL or the database does without
 * @param password may be null; one in the URL goes before it; never shown
 * @param poolSize how many connections to keep, 2 or more: updating the schema takes two
 * @param patience how long to wait for a connection before the database counts as not answering
 */
public record JdbcSettings(
    String url, String user, String password, int poolSize, Duration patience) {

  public JdbcSettings {
    requireNonNull(url, "url");
    requireNonNull(patience, "patience");
    DatabaseUrl.parse(url);
    if (poolSize < 2) {
      throw new IllegalArgumentException("poolSize must be 2 or more, not " + poolSize);
    }
  }

  /**
   * The usual settings.
   *
   * @throws IllegalArgumentException for a URL that no connection can come of
   */
  public static JdbcSettings of(String url, String user, String password) {
    return new JdbcSettings(url, user, password, 8, Duration.ofSeconds(5));
  }

  DatabaseUrl databaseUrl() {
    return DatabaseUrl.parse(url);
  }

  /** The database without what comes after its name, where a URL may hold a password. */
  public String database() {
    return DatabaseUrl.withoutParameters(url);
  }

  /**
   * Whether no other process can use the database at the same time: an H2 file is locked by the one
   * that does, unless it shares it ({@code AUTO_SERVER=TRUE}). In that process it is for one
   * service at a time then, which takes up all that another one has left: so that nothing has to be
   * waited for.
   */
  public boolean isExclusive() {
    return databaseUrl().isExclusive();
  }

  @Override
  public String toString() {
    return "JdbcSettings[" + database() + "]";
  }
}
