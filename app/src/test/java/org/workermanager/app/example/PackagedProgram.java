package org.workermanager.app.example;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as users get it, started as a process of its own. */
record PackagedProgram(Process process, Path folder, Path errors) implements AutoCloseable {

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  /** With java -jar, on the class path. */
  static PackagedProgram jar(String... arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return start(
        List.of(java.toString(), "-jar", TARGET.resolve("worker-manager.jar").toString()),
        arguments);
  }

  /** With the distribution's script, on the module path. */
  static PackagedProgram distribution(String... arguments) throws IOException {
    return start(
        List.of(TARGET.resolve("worker-manager/bin/worker-manager").toString()), arguments);
  }

  private static PackagedProgram start(List<String> program, String... arguments)
      throws IOException {
    Path folder = Files.createTempDirectory("worker manager program");
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    Path errors = folder.resolve("stderr");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    return new PackagedProgram(process, folder, errors);
  }

  /** The next line on standard output that begins so. */
  String awaitLine(String beginning) throws IOException {
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError(
        "No line beginning with '" + beginning + "'; errors: " + Files.readString(errors));
  }

  /** Waits for the end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("It does not end");
    }
    return process.exitValue();
  }

  /** Sends SIGTERM and waits for the end. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("It does not end within 10 s of SIGTERM");
    }
    return process.exitValue();
  }

  String errorText() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
