package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {

  @Test
  void goesWithAllThatIsInItAndOnlyOnce() throws Exception {
    TemporaryFolder folder = TemporaryFolder.create("worker-manager-test");
    Files.createDirectories(folder.path().resolve("a/b"));
    Files.writeString(folder.path().resolve("a/b/c"), "");
    folder.close();
    folder.close();
    assertFalse(Files.exists(folder.path()));
  }
}
