package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a whole: exit codes, and what it prints. */
class WorkerManagerCommandTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private PrintStream out;
  private PrintStream err;

  @TempDir private Path folder;

  @BeforeEach
  void capture() {
    out = System.out;
    err = System.err;
    PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(capture);
    System.setErr(capture);
  }

  @AfterEach
  void release() {
    System.setOut(out);
    System.setErr(err);
  }

  private int execute(Map<String, String> environment, String... arguments) {
    return WorkerManagerCommand.execute(arguments, environment, new Shutdown());
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void assertPrinted(String part) {
    assertTrue(text().contains(part), () -> "'" + part + "' is not in: " + text());
  }

  private Path file(String items, boolean reset) throws Exception {
    return Files.writeString(
        folder.resolve("c.json"),
        """
        {"modules": [{"module": {"id": "workermanager"}, "resetBeforeImport": %s, "configuration": [%s]}]}"""
            .formatted(reset, items));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WORKER_MANAGER_FOO",
        "WORKER_MANAGER_TENANT",
        "WORKER_MANAGER_HELP",
        "WORKER_MANAGER_VERSION",
        "WORKER_MANAGER_amqp_uri"
      })
  void refusesVariablesThatAreNoSettings(String variable) {
    assertEquals(2, execute(Map.of(variable, "true"), "config", "check", "none.json"));
    assertPrinted(variable);
  }

  @Test
  void leavesOtherVariablesAlone() throws Exception {
    Map<String, String> others =
        Map.of("WORKER_MANAGER_TEST_AMQP_URI", "x", "PATH", "y", "MY_WORKER_MANAGER_X", "z");
    assertEquals(0, execute(others, "config", "check", file("", true).toString()));
  }

  @Test
  void saysWhichVariableHasTheWrongValue() {
    assertEquals(2, execute(Map.of("WORKER_MANAGER_HEARTBEAT_EXPIRY", "soon"), "run"));
    assertPrinted("--heartbeat-expiry");
    assertPrinted("WORKER_MANAGER_HEARTBEAT_EXPIRY");
    assertPrinted("'soon' is not a duration");
  }

  @Test
  void refusesUnknownFlagsAndCommands() {
    assertEquals(2, execute(Map.of(), "run", "--no-such-option"));
    assertPrinted("--no-such-option");
    assertEquals(2, execute(Map.of(), "serve"));
    assertPrinted("serve");
  }

  @Test
  void withoutSubcommandShowsTheUsage() {
    assertEquals(2, execute(Map.of()));
    assertPrinted("Usage: worker-manager");
    assertPrinted("Try: worker-manager --help");
    assertEquals(2, execute(Map.of(), "config"));
    assertPrinted("Try: worker-manager config --help");
  }

  @Test
  void checksAFile() throws Exception {
    String worker =
        """
        {"key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto",
         "value": {"workerType": "W", "contentTypeInputs": ["a"]}}""";
    assertEquals(0, execute(Map.of(), "config", "check", file(worker, true).toString()));
    assertPrinted("1 workers, 0 workflows, 0 content types to skip");
  }

  @Test
  void listsEveryErrorOfAFile() throws Exception {
    Path file = file("{\"key\":\"k1\",\"value\":{}},{\"key\":\"k2\",\"value\":{}}", false);
    assertEquals(2, execute(Map.of(), "config", "check", file.toString()));
    assertPrinted("'k1'");
    assertPrinted("'k2'");
    assertFalse(text().contains("\tat "), text());
  }
}
