package org.workermanager.app.example;

import java.nio.file.Path;
import java.util.List;

/** The files that the README refers to, and those of the tests beside them. */
final class Examples {

  static final Path FOLDER = Path.of("src/test/examples").toAbsolutePath();

  private Examples() {}

  /** The options that make a program serve both configurations. */
  static List<String> configurations() {
    return List.of(
        "--config",
        "demo=" + FOLDER.resolve("configuration.json"),
        "--config",
        "scenarios=" + FOLDER.resolve("scenarios.json"));
  }
}
