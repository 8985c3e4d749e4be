package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.app.Eventually;

/**
 * What SIGTERM does to the packaged program. Its configuration comes through a named pipe, so that
 * the test knows, and holds, the moment at which the program reads it.
 */
@Timeout(60)
class SignalsIT {

  private static final String CONFIGURATION =
      """
      {"modules": [{"module": {"id": "workermanager"}, "configuration": []}]}""";

  @TempDir private Path folder;
  private Process program;

  private Path pipe() throws Exception {
    Path pipe = folder.resolve("configuration");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  /** Returns the pipe. */
  private Path run() throws Exception {
    Path pipe = pipe();
    start("run", "--embedded-port=0", "--data-dir=" + data(), "--config=t=" + pipe);
    return pipe;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Djava.io.tmpdir=" + folder, "-jar", "target/worker-manager.jar"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("WORKER_MANAGER_"));
    program = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @AfterEach
  void end() {
    program.destroyForcibly();
  }

  private int terminate() throws InterruptedException {
    program.destroy();
    assertTrue(program.waitFor(10, TimeUnit.SECONDS), "It does not end within 10 s of SIGTERM");
    return program.exitValue();
  }

  @Test
  void isASuccessWhileTheSettingsAreRead() throws Exception {
    // opens when the program does, which then waits for what is written
    try (OutputStream held = Files.newOutputStream(run())) {
      held.flush();
      assertEquals(0, terminate());
    }
  }

  @Test
  void isNoneOfACommandThatHasNotDoneItsWork() throws Exception {
    Path pipe = pipe();
    start("config", "import", "--tenant=t", pipe.toString());
    try (OutputStream held = Files.newOutputStream(pipe)) {
      held.flush();
      assertEquals(1, terminate());
    }
  }

  @Test
  void isASuccessWhileTheEmbeddedBrokerStarts() throws Exception {
    Files.writeString(run(), CONFIGURATION);
    Eventually.await("the broker's folder").until(() -> Files.exists(data().resolve("broker")));
    assertEquals(0, terminate());
  }

  @Test
  void isASuccessWhenReadyAndFilesHaveBeenReadOnce() throws Exception {
    Files.writeString(run(), CONFIGURATION);
    BufferedReader out = program.inputReader();
    String line = out.readLine();
    assertTrue(line.startsWith("Ready"), line);
    assertEquals(0, terminate());
  }

  @Test
  void cutsTheDemoShortAndLeavesNoFiles() throws Exception {
    start("demo", "--requests=1000000");
    BufferedReader out = program.inputReader();
    while (!out.readLine().contains("dispatched")) {
      // it is starting
    }
    assertEquals(1, terminate());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.filter(Files::isDirectory).toList());
    }
  }
}
