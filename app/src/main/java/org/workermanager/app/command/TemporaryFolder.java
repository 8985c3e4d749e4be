package org.workermanager.app.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that goes, with all that is in it, when it is closed. */
record TemporaryFolder(Path path) implements AutoCloseable {

  private static final int ATTEMPTS = 5;

  static TemporaryFolder create(String prefix) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory(prefix));
  }

  @Override
  public void close() throws IOException {
    for (int attempt = 1; Files.exists(path); attempt++) {
      try {
        delete();
      } catch (IOException | UncheckedIOException e) {
        // somebody may still be writing there
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void delete() throws IOException {
    List<Path> innermostFirst;
    try (Stream<Path> files = Files.walk(path)) {
      innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : innermostFirst) {
      Files.deleteIfExists(file);
    }
  }
}
