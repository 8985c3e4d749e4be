package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands that the page for operators shows are there, with all their options. */
class OperatingPageTest {

  private static final Pattern SHOWN = Pattern.compile("^\\$ worker-manager (.+)$");

  static Stream<String> commands() throws IOException {
    return Files.readAllLines(Path.of("OPERATING.md")).stream()
        .map(SHOWN::matcher)
        .filter(line -> line.matches())
        .map(line -> line.group(1));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isThere(String command) {
    CommandLine commandLine = WorkerManagerCommand.commandLine(Map.of(), new Shutdown());
    assertDoesNotThrow(() -> commandLine.parseArgs(command.split(" ")));
    assertDoesNotThrow(() -> commandLine.parseArgs((command + " --help").split(" ")));
  }
}
