package org.workermanager.app.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** Tells what this program does, and when: on the console, and in a file. Thread-safe. */
final class Journal {

  private final Path file;

  Journal(Path file) {
    this.file = file;
  }

  synchronized void tell(String what) {
    String line = Times.ofDay(Instant.now()) + " " + what;
    System.out.println(line);
    try {
      Files.writeString(
          file,
          line + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
