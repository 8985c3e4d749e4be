package org.workermanager.amqp.embedded;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

  @TempDir private Path folder;

  @Test
  void saysPlainlyWhyItCannotBeUsed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused(file, "it is a file, not a folder");
    assertRefused(file.resolve("below"), "Not a directory");
  }

  private static void assertRefused(Path directory, String reason) {
    String message =
        assertThrows(EmbeddedBrokerException.class, () -> WorkDirectory.open(directory))
            .getMessage();
    assertTrue(message.contains(directory.toString()) && message.contains(reason), message);
    assertFalse(message.contains("Exception"), message);
  }
}
