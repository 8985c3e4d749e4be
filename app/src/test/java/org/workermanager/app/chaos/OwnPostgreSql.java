package org.workermanager.app.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PostgreSQL cluster of this program's own. */
final class OwnPostgreSql implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Prerequisites programs;
  private final Path folder;
  private final Path data;
  private final Path log;
  private final int port;
  private boolean closed;

  /** One that is still to be {@linkplain #make made}, with all of its files in this folder. */
  OwnPostgreSql(Prerequisites programs, Path folder) throws IOException {
    this.programs = programs;
    this.folder = Files.createDirectories(folder);
    this.data = folder.resolve("data");
    this.log = folder.resolve("postgresql.log");
    this.port = OwnProcess.freePort();
    programs.giveToPostgres(folder);
  }

  /** Makes it. */
  void make() throws IOException, InterruptedException {
    List<String> options =
        List.of("-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8");
    if (!run(programs.initDb(), options)) {
      throw new IllegalStateException("initdb failed, see " + output());
    }
  }

  int port() {
    return port;
  }

  /** For a server at this port; so that a proxy can be in between. */
  static String jdbcUrl(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  /** Starts it; one that was killed first has to be left by its last processes. */
  synchronized void start() throws Exception {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    String options =
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=''".formatted(port);
    Patience.require(
        "The start of PostgreSQL (see " + log + ")",
        PATIENCE,
        () -> control("start", "-w", "-l", log.toString(), "-o", options));
  }

  /** As a crash of its main process is. */
  void kill() throws IOException, InterruptedException {
    List<String> pidFile = Files.readAllLines(data.resolve("postmaster.pid"));
    OwnProcess.signal("KILL", Long.parseLong(pidFile.get(0).strip()));
  }

  /** Has all of its processes end at once, without tidying up. */
  void stopAtOnce() throws IOException, InterruptedException {
    control("stop", "-m", "immediate");
  }

  /** Has it refuse all that changes anything, until {@link #makeWritable}. */
  void makeReadOnly() throws SQLException {
    execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
  }

  void makeWritable() throws SQLException {
    execute(
        "SET default_transaction_read_only = off",
        "ALTER SYSTEM RESET default_transaction_read_only",
        "SELECT pg_reload_conf()");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(port));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query, a line for each. */
  List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl(port));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private boolean control(String... words) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("-D", data.toString()));
    options.addAll(List.of(words));
    return run(programs.pgCtl(), options);
  }

  private boolean run(Path program, List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(programs.asPostgres());
    command.add(program.toString());
    command.addAll(options);
    return OwnProcess.run(folder, output(), Map.of(), command, PATIENCE);
  }

  /** What its commands print. */
  private Path output() {
    return folder.resolve("output.log");
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (Files.exists(data.resolve("postmaster.pid"))) {
      try {
        stopAtOnce();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
