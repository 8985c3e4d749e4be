package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a whole: exit codes, and what it prints. */
class WorkerManagerCommandTest {

  @RegisterExtension private final PrintedText printed = new PrintedText();

  @TempDir private Path folder;

  private int execute(Map<String, String> environment, String... arguments) {
    return WorkerManagerCommand.execute(arguments, environment, new Shutdown());
  }

  private String text() {
    return printed.toString();
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
        "WORKER_MANAGER_REQUESTS",
        "WORKER_MANAGER_TEST_AMQP_URI",
        "WORKER_MANAGER_EMBEDED_PORT",
        "WORKER_MANAGER_amqp_uri"
      })
  void refusesVariablesThatAreNoSettings(String variable) {
    assertEquals(2, execute(Map.of(variable, "true"), "run"));
    assertPrinted("Unknown environment variables: " + variable + ". Unset them");
    assertPrinted("WORKER_MANAGER_AMQP_URI");
  }

  @Test
  void leavesOtherVariablesAlone() {
    assertRunKnows("PATH", "MY_WORKER_MANAGER_X");
    assertEquals(2, execute(Map.of("WORKER_MANAGER_EMPTY", ""), "run", "--tenant="));
    assertFalse(text().contains("WORKER_MANAGER_EMPTY"), text());
  }

  @Test
  void leavesTheVariablesOfKubernetesAlone() {
    assertRunKnows(
        "WORKER_MANAGER_SERVICE_HOST",
        "WORKER_MANAGER_SERVICE_PORT",
        "WORKER_MANAGER_SERVICE_PORT_AMQP",
        "WORKER_MANAGER_PORT",
        "WORKER_MANAGER_PORT_5672_TCP",
        "WORKER_MANAGER_PORT_5672_TCP_ADDR",
        "WORKER_MANAGER_RABBITMQ_SERVICE_HOST",
        "WORKER_MANAGER_RABBITMQ_SERVICE_PORT_AMQP",
        "WORKER_MANAGER_RABBITMQ_PORT",
        "WORKER_MANAGER_RABBITMQ_PORT_5672_TCP");
  }

  /** It goes on to the next thing that is wrong. */
  private void assertRunKnows(String... variables) {
    Map<String, String> environment =
        Stream.of(variables).collect(Collectors.toMap(name -> name, name -> "x"));
    assertEquals(2, execute(environment, "run", "--tenant="));
    assertPrinted("--tenant");
    assertFalse(text().contains("Unknown environment variables"), text());
  }

  @Test
  void onlyWhatServesHeedsTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of("WORKER_MANAGER_AMQP_URI", "nonsense", "WORKER_MANAGER_REQUESTS", "x");
    assertEquals(0, execute(environment, "config", "check", file("", true).toString()));
    assertEquals(2, execute(environment, "demo", "--requests=0"));
    assertPrinted("--requests must be 1 or more");
    assertFalse(text().contains("WORKER_MANAGER"), text());
  }

  @Test
  void saysWhichVariableHasTheWrongValue() {
    assertEquals(2, execute(Map.of("WORKER_MANAGER_HEARTBEAT_EXPIRY", "soon"), "run"));
    assertPrinted(
        "--heartbeat-expiry (WORKER_MANAGER_HEARTBEAT_EXPIRY) must be a duration such as");
  }

  @Test
  void saysInWordsWhatIsNoNumber() {
    assertEquals(2, execute(Map.of("WORKER_MANAGER_EMBEDDED_PORT", "abc"), "run"));
    assertPrinted(
        "--embedded-port (WORKER_MANAGER_EMBEDDED_PORT) must be a whole number, not 'abc'");
    assertEquals(2, execute(Map.of(), "demo", "--requests", "many"));
    assertPrinted("--requests must be a whole number, not 'many'");
  }

  @Test
  void refusesUnknownFlagsAndCommands() {
    assertEquals(2, execute(Map.of(), "run", "--no-such-option"));
    assertPrinted("--no-such-option");
    assertEquals(2, execute(Map.of(), "serve"));
    assertPrinted("Unknown command: serve");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --db-pasword=q7secret",
        "run --db-pasword q7secret",
        "run -pq7secret",
        "run --db-user me q7secret",
        "run --db-password=q7secret --db-password=other",
        "run --http-token=q7secret",
        "run --http-token=admin=q7secret",
        "run --amqp-uri=amqp://u:q7secret@h:x",
        "run --amqp-uri=amqp://u@h --amqp-uri=amqp://u:q7secret@h",
        "run amqp://u:q7secret@h",
        "run --jdbc-url=jdbc:oracle:x?password=q7secret",
        "run --jdbc-url=jdbc:postgresql://u:q7secret@h/d",
        "run --jdbc-url=jdbc:postgresql://h/d?password=q7secret&sslmode=q7secret",
        "run --jdbc-url=jdbc:h2:mem:x;PASSWORD=q7secret;MODE=Oracle",
        "demo --amqp-uri=amqp://u:q7secret",
        "workers --tokn=q7secret",
        "workers --token=q7secret --url=http://u:q7secret@h",
        "workers --token=\u00e4q7secret",
        "workers --token=q7secret --token-file=x",
      })
  void repeatsNoSecretThatIsGivenWrongly(String line) {
    assertEquals(2, execute(Map.of(), line.split(" ")), text());
    assertFalse(text().isBlank() || text().contains("q7secret"), text());
  }

  @Test
  void withoutSubcommandShowsTheUsage() {
    assertEquals(2, execute(Map.of()));
    assertPrinted("Usage: worker-manager");
    assertPrinted("Try: worker-manager --help");
    assertEquals(2, execute(Map.of(), "config"));
    assertPrinted("Try: worker-manager config --help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "demo",
        "config",
        "config import",
        "config export",
        "config check",
        "requests",
        "requests list",
        "requests show",
        "requests counts",
        "requests retry",
        "requests delete",
        "requests operations",
        "workers",
        "pause",
        "resume",
        "tenants",
        "tenants list",
        "tenants add"
      })
  void everyCommandHasHelpThatNeedsNothingElse(String command) {
    assertEquals(0, execute(Map.of(), (command + " --help").split(" ")), text());
    assertPrinted("Usage: worker-manager " + command);
  }

  @Test
  void checksAFile() throws Exception {
    String worker =
        """
        {"key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto",
         "value": {"workerType": "W", "contentTypeInputs": ["a"]}}""";
    assertEquals(0, execute(Map.of(), "config", "check", file(worker, true).toString()));
    assertPrinted("1 worker, 0 workflows, 0 content types to skip");
  }

  @Test
  void notesAnUnknownFieldOfAFileThatIsValidAllTheSame() throws Exception {
    String worker =
        """
        {"key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto",
         "value": {"workerType": "W", "contentTypeInputs": ["a"], "keepErors": false}}""";
    assertEquals(0, execute(Map.of(), "config", "check", file(worker, true).toString()));
    assertPrinted("Note: configuration[0], worker 'W': unknown field 'keepErors' is ignored");
    assertPrinted("is valid: 1 worker,");
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
