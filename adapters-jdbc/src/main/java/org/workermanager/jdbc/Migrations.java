package org.workermanager.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to the version this code knows, by the scripts {@code schema-N.sql}, each
 * applied once, in order. Instances that start together wait for one another.
 *
 * <p>Why not a library: Flyway and Liquibase have no module name of their own, so a module cannot
 * require them.
 */
final class Migrations {

  /** The newest script. */
  static final int VERSION = 1;

  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  /** Any number will do, as long as it is always the same. */
  private static final long ADVISORY_LOCK = 7_020_041_964L;

  private final Jdbi jdbi;
  private final Dialect dialect;
  private final int newest;

  Migrations(Jdbi jdbi, Dialect dialect, int newest) {
    this.jdbi = jdbi;
    this.dialect = dialect;
    this.newest = newest;
  }

  /**
   * Applies what is missing.
   *
   * @throws DatabaseNotUsableException if the schema is newer than this code
   */
  void apply() {
    // an H2 file belongs to one process: inside it this lock is enough
    synchronized (Migrations.class) {
      jdbi.useTransaction(this::apply);
    }
  }

  private void apply(Handle handle) throws JdbiException {
    if (dialect == Dialect.POSTGRESQL) {
      handle
          .createQuery("SELECT pg_advisory_xact_lock(:lock)")
          .bind("lock", ADVISORY_LOCK)
          .mapToMap()
          .list();
    }
    handle.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
    int present =
        handle
            .createQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")
            .mapTo(Integer.class)
            .one();
    if (present > newest) {
      throw new DatabaseNotUsableException(
          "The database has schema version %d, and this program knows %d at most: use a newer program"
              .formatted(present, newest),
          null);
    }
    for (int version = present + 1; version <= newest; version++) {
      for (String statement : statements(version)) {
        handle.execute(statement);
      }
      handle.execute("INSERT INTO schema_version (version) VALUES (?)", version);
      LOG.info("The database's schema is now at version {}", version);
    }
  }

  private String[] statements(int version) {
    try (InputStream script = Migrations.class.getResourceAsStream("schema-" + version + ".sql")) {
      String withoutComments = new String(script.readAllBytes(), UTF_8).replaceAll("--[^\n]*", "");
      return Arrays.stream(dialect.schema(withoutComments).split(";"))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
