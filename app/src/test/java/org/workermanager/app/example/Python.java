package org.workermanager.app.example;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.workermanager.app.TestEnvironment;

/** The examples in Python, which need its library pika. */
final class Python {

  private static final String PYTHON = "/usr/bin/python3";

  private Python() {}

  /** Skips the test where there is no pika. */
  static void assumePika() throws InterruptedException {
    if (!hasPika()) {
      TestEnvironment.missing(
          "There is no " + PYTHON + " with pika", "tests of Python are skipped");
      assumeTrue(false, "no pika");
    }
  }

  private static boolean hasPika() throws InterruptedException {
    try {
      Process importing = new ProcessBuilder(PYTHON, "-c", "import pika").start();
      return importing.waitFor(60, TimeUnit.SECONDS) && importing.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts one of the examples. */
  static RunningProgram start(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PYTHON, script));
    command.addAll(List.of(arguments));
    return RunningProgram.start(Examples.FOLDER, Map.of(), command);
  }
}
