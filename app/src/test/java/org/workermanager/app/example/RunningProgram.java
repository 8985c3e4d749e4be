package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that a test has started as a process of its own, and what it prints. */
record RunningProgram(Process process, PrintedLines out, PrintedLines err)
    implements AutoCloseable {

  /** Far more than anything takes: it only keeps a broken program from hanging the tests. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As promised to whoever sends SIGTERM. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  static RunningProgram start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    // the settings of whoever runs the tests are not the program's
    builder.environment().keySet().removeIf(name -> name.startsWith("WORKER_MANAGER_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new RunningProgram(
        process,
        PrintedLines.of(process.getInputStream()),
        PrintedLines.of(process.getErrorStream()));
  }

  /** The first line with this in it on standard output. */
  String awaitLine(String part) throws InterruptedException {
    return await(out, part);
  }

  /** The first line with this in it on standard error. */
  String awaitError(String part) throws InterruptedException {
    return await(err, part);
  }

  private String await(PrintedLines printed, String part) throws InterruptedException {
    return printed
        .await(part, PATIENCE)
        .orElseThrow(() -> new AssertionError("No line with '" + part + "' in: " + printed()));
  }

  /** Waits for the end, which is to have this exit code. */
  void assertEnds(int exitCode) throws InterruptedException {
    assertEnds(exitCode, PATIENCE);
  }

  /** Sends SIGTERM and waits for the end, which is to be in time and a success. */
  void assertStops() throws InterruptedException {
    // not the process' own method: that one stops listening too
    process.toHandle().destroy();
    assertEnds(0, LONGEST_STOP);
  }

  private void assertEnds(int exitCode, Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("It does not end within " + patience + ": " + printed());
    }
    out.awaitEnd(PATIENCE);
    err.awaitEnd(PATIENCE);
    assertEquals(exitCode, process.exitValue(), this::printed);
  }

  /** As kill -9 does: nothing of the program runs any more. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("It survives being killed");
    }
  }

  /** Everything it has printed. */
  String printed() {
    return "standard output:\n" + out.text() + "\nstandard error:\n" + err.text();
  }

  /** Killed, if it still runs: a test that wants it stopped in order says so. */
  @Override
  public void close() {
    process.destroyForcibly();
    // its folder is deleted next
    process.onExit().join();
  }
}
