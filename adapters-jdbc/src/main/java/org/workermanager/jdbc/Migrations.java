package org.workermanager.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to the version this code knows, by scripts that are each applied once, in
 * order. Instances that start together wait for one another.
 *
 * <p>In H2 each CREATE is a transaction of its own: a script that was interrupted is begun again,
 * so its statements must bear that.
 *
 * <p>Why not a library: Flyway and Liquibase have no module name of their own, so a module cannot
 * require them.
 */
final class Migrations {

  /** The first brings an empty database to version 1, each other one to the next version. */
  static final List<String> SCRIPTS =
      Stream.of("schema-1.sql", "schema-2.sql", "schema-3.sql", "schema-4.sql")
          .map(Migrations::script)
          .toList();

  private static final int LONGEST_MILLIS = Math.toIntExact(Duration.ofHours(6).toMillis());

  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  private final Jdbi jdbi;
  private final Dialect dialect;
  private final List<String> scripts;

  Migrations(Jdbi jdbi, Dialect dialect, List<String> scripts) {
    this.jdbi = jdbi;
    this.dialect = dialect;
    this.scripts = scripts;
  }

  /**
   * Applies what is missing.
   *
   * @throws DatabaseNotUsableException if the schema is newer than this code
   */
  void apply() {
    // one connection has the lock while another one works: a CREATE in H2 would let go of it
    try (Handle lock = jdbi.open()) {
      lock.useTransaction(
          locked -> {
            dialect.lockSchema().forEach(locked::execute);
            jdbi.useTransaction(this::apply);
          });
    }
  }

  private void apply(Handle handle) {
    handle.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
    int present =
        handle
            .createQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")
            .mapTo(Integer.class)
            .one();
    if (present > scripts.size()) {
      throw new DatabaseNotUsableException(
          "The database has schema version %d, and this program knows %d at most: use a newer program"
              .formatted(present, scripts.size()),
          true,
          null);
    }
    if (present < scripts.size()) {
      bePatient(handle);
    }
    for (int version = present + 1; version <= scripts.size(); version++) {
      statements(scripts.get(version - 1)).forEach(handle::execute);
      handle.execute("INSERT INTO schema_version (version) VALUES (?)", version);
      LOG.info("The database's schema is now at version {}", version);
    }
  }

  /** A large table takes longer to change than any answer does later. */
  private static void bePatient(Handle handle) {
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, LONGEST_MILLIS);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  private Stream<String> statements(String script) {
    String withoutComments = script.replaceAll("--[^\n]*", "");
    return Arrays.stream(dialect.schema(withoutComments).split(";"))
        .filter(statement -> !statement.isBlank());
  }

  private static String script(String name) {
    try (InputStream script = Migrations.class.getResourceAsStream(name)) {
      return new String(script.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
