package org.workermanager.app.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One of the managers: the packaged program, started as a user starts it, and started again when it
 * ends although nobody wanted that. Thread-safe.
 */
final class ManagerProcess implements AutoCloseable {

  private static final Duration UNTIL_STARTED_AGAIN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As the program promises to whoever sends SIGTERM, and something for a busy machine. */
  private static final Duration LONGEST_ORDERLY_END = Duration.ofSeconds(15);

  private final String name;
  private final Path folder;
  private final List<String> command;
  private final TcpProxy toBroker;
  private final TcpProxy toDatabase;

  /** What it did that it should not have done. */
  private final List<String> complaints = new ArrayList<>();

  private int generation = 1;
  private boolean wanted;
  private boolean closed;
  private Process process;

  /**
   * @param command that runs it, without the options that say who it is and where the services are
   */
  ManagerProcess(
      int number, Path folder, List<String> command, TcpProxy toBroker, TcpProxy toDatabase)
      throws IOException {
    this.name = "manager-" + number;
    this.folder = Files.createDirectories(folder);
    this.command = List.copyOf(command);
    this.toBroker = toBroker;
    this.toDatabase = toDatabase;
  }

  String name() {
    return name;
  }

  TcpProxy toBroker() {
    return toBroker;
  }

  TcpProxy toDatabase() {
    return toDatabase;
  }

  private Path log() {
    return folder.resolve(name + ".log");
  }

  private void log(String line) throws IOException {
    Files.writeString(
        log(),
        "%n--- %s %s%n".formatted(Times.ofDay(Instant.now()), line),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  synchronized void start() throws IOException {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    wanted = true;
    if (process != null && process.isAlive()) {
      return;
    }
    List<String> full = new ArrayList<>(command);
    String instance = name + "-" + generation;
    full.addAll(List.of("--instance-id", instance, "--app-id", name));
    full.addAll(
        List.of(
            "--amqp-uri",
            "amqp://guest:guest@127.0.0.1:%d/%s".formatted(toBroker.port(), Wire.VIRTUAL_HOST)));
    full.addAll(List.of("--jdbc-url", OwnPostgreSql.jdbcUrl(toDatabase.port())));
    log("starts as " + instance);
    process = OwnProcess.start(folder, log(), Map.of(), full);
    process.onExit().thenAccept(this::ended);
  }

  private synchronized void ended(Process which) {
    if (which == process && wanted) {
      complain("ended by itself with exit code " + which.exitValue());
      CompletableFuture.delayedExecutor(UNTIL_STARTED_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::startAgain);
    }
  }

  private synchronized void startAgain() {
    if (wanted) {
      try {
        start();
      } catch (IOException e) {
        complain("cannot be started again: " + e);
      }
    }
  }

  /** Waits until it says that it is ready, for the first time. */
  void awaitReady() throws Exception {
    Patience.require(
        "The start of %s (see %s)".formatted(name, log()),
        PATIENCE,
        () -> Files.readAllLines(log()).stream().anyMatch(line -> line.startsWith("Ready")));
  }

  /** From now on it calls itself by another instance id whenever it starts. */
  synchronized void rename() {
    generation++;
  }

  /** As kill -9. */
  synchronized void kill() throws IOException {
    wanted = false;
    OwnProcess.killAll(process);
    log("was killed");
  }

  /** Sends SIGTERM, and waits until it has ended. */
  void terminate() throws Exception {
    Process running;
    synchronized (this) {
      wanted = false;
      running = process;
      log("is told to end");
    }
    // not the process' own method: that one stops listening too
    running.toHandle().destroy();
    boolean inTime = running.waitFor(LONGEST_ORDERLY_END.toMillis(), TimeUnit.MILLISECONDS);
    synchronized (this) {
      if (!inTime) {
        complain("has not ended %s after SIGTERM".formatted(Times.seconds(LONGEST_ORDERLY_END)));
        dumpThreads();
        Patience.rest(Duration.ofSeconds(1));
        OwnProcess.killAll(running);
      } else if (running.exitValue() != 0) {
        complain("ended with exit code %d after SIGTERM".formatted(running.exitValue()));
      }
    }
  }

  private void complain(String what) {
    complaints.add("%s %s %s".formatted(Times.ofDay(Instant.now()), name, what));
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Has it print what its threads are doing into its log. */
  void dumpThreads() throws IOException, InterruptedException {
    signal("QUIT");
  }

  private synchronized void signal(String signal) throws IOException, InterruptedException {
    if (process.isAlive()) {
      log("gets SIG" + signal);
      OwnProcess.signal(signal, process.pid());
    }
  }

  synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    wanted = false;
    if (process != null) {
      OwnProcess.killAll(process);
    }
    toBroker.close();
    toDatabase.close();
  }
}
