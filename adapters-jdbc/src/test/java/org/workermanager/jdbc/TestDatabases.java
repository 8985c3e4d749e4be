package org.workermanager.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The databases that tests run on: H2 always, PostgreSQL where one is reachable. */
final class TestDatabases {

  private static final String POSTGRESQL =
      Optional.ofNullable(System.getenv("WORKER_MANAGER_TEST_JDBC_URL"))
          .orElse("jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres");

  private static final String SCHEMA = "currentSchema=";

  /** The URL of the PostgreSQL found, empty if there is none, null before it was looked for. */
  private static String server;

  private TestDatabases() {}

  static JdbcSettings of(Dialect dialect) {
    return dialect == Dialect.H2 ? h2() : postgreSql();
  }

  /** An H2 database of its own, in a new file. */
  static JdbcSettings h2() {
    try {
      Path folder =
          Files.createTempDirectory(Path.of("target").toAbsolutePath(), "worker-manager-h2");
      return JdbcSettings.of("jdbc:h2:file:" + folder.resolve("test"), null, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A schema of its own in PostgreSQL. Where nobody listens, in one from a library, or where that
   * does not start H2, and says so. Who listens and refuses is a failure.
   */
  static synchronized JdbcSettings postgreSql() {
    if (server == null) {
      server = isListening() ? POSTGRESQL : substitute();
    }
    if (server.isEmpty()) {
      return h2();
    }
    String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
    execute("CREATE SCHEMA " + schema);
    String separator = server.contains("?") ? "&" : "?";
    return JdbcSettings.of(server + separator + SCHEMA + schema, null, null);
  }

  /** The URL of a PostgreSQL that runs until the tests end; empty if none can. */
  private static String substitute() {
    if ("true".equals(System.getenv("WORKER_MANAGER_TEST_REQUIRE_SERVICES"))) {
      throw new IllegalStateException("No PostgreSQL listens, and it is required");
    }
    try {
      String url = EmbeddedPostgres.builder().start().getJdbcUrl("postgres", "postgres");
      System.out.println(
          "No PostgreSQL listens at the address of the tests: they run on one from a library");
      return url;
    } catch (IOException | RuntimeException e) {
      System.out.println(
          "No PostgreSQL listens at the address of the tests: they run on H2 instead");
      return "";
    }
  }

  private static void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(server)) {
      connection.createStatement().execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "PostgreSQL listens but cannot be used: " + e.getMessage(), e);
    }
  }

  /** Drops the schema that {@link #postgreSql()} made. */
  static void drop(JdbcSettings settings) {
    int schema = settings.url().indexOf(SCHEMA);
    if (schema >= 0) {
      execute("DROP SCHEMA " + settings.url().substring(schema + SCHEMA.length()) + " CASCADE");
    }
  }

  /** Returns when so many others wait for this transaction. */
  static void awaitWaiting(int others, Handle transaction, Dialect dialect) {
    String waiting =
        dialect == Dialect.H2
            ? "SELECT count(*) FROM information_schema.sessions WHERE blocker_id = SESSION_ID()"
            : "SELECT count(*) FROM pg_locks"
                + " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (transaction.createQuery(waiting).mapTo(Integer.class).one() < others) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("Not so many wait: " + others);
      }
    }
  }

  private static boolean isListening() {
    URI uri = URI.create(POSTGRESQL.substring("jdbc:".length()));
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 5432 : uri.getPort()), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
