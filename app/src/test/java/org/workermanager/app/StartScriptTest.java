package org.workermanager.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's script, with a Java that prints its arguments. */
class StartScriptTest {

  @TempDir private Path folder;

  @Test
  void findsTheProgramWhateverTheShellIsSetUpWith() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.copy(Path.of("src/main/dist/bin/worker-manager"), bin.resolve("worker-manager"));
    Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\necho \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));

    ProcessBuilder builder = new ProcessBuilder("sh", "bin/worker-manager", "--version");
    builder.environment().put("CDPATH", ".:/tmp");
    builder.environment().put("JAVA_HOME", folder.toString());
    Process script = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    String printed = new String(script.getInputStream().readAllBytes(), UTF_8);

    String home = folder.toRealPath().toString();
    assertTrue(printed.contains("--module-path " + home + "/lib -m "), printed);
    assertTrue(printed.endsWith("--version\n"), printed);
  }
}
