package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.app.service.ServiceSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class OptionsTest {

  @Command
  static final class Holder {
    @Mixin private ServiceOptions options;
  }

  private static ServiceOptions options(Map<String, String> environment, String... arguments) {
    Holder holder = new Holder();
    new CommandLine(holder)
        .setDefaultValueProvider(new EnvironmentDefaults(environment))
        .parseArgs(arguments);
    return holder.options;
  }

  private static ServiceSettings settings(Map<String, String> environment, String... arguments) {
    return options(environment, arguments).settings(BrokerAddress.parse("amqp://localhost"), false);
  }

  private static void assertWrong(
      String about, Map<String, String> environment, String... arguments) {
    String message =
        assertThrows(
                ParameterException.class,
                () -> {
                  options(environment, arguments).broker();
                  settings(environment, arguments);
                })
            .getMessage();
    assertTrue(message.contains(about), message);
  }

  @Test
  void defaults() {
    ServiceOptions options = options(Map.of());
    assertTrue(options.embeddedBroker());
    assertEquals(5672, options.embeddedPort());
    ServiceSettings settings = settings(Map.of());
    assertEquals(Duration.ofSeconds(60), settings.amqp().heartbeatExpiry());
    assertTrue(settings.database().url().startsWith("jdbc:h2:file:"), settings.database().url());
    assertTrue(
        settings.database().url().endsWith("worker-manager-data/database"),
        settings.database().url());
    assertEquals(List.of(), settings.tenants());
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of("WORKER_MANAGER_HEARTBEAT_EXPIRY", "5s", "WORKER_MANAGER_INSTANCE_ID", "one");
    ServiceSettings settings = settings(environment, "--heartbeat-expiry", "500ms");
    assertEquals(Duration.ofMillis(500), settings.amqp().heartbeatExpiry());
    assertEquals("one", settings.amqp().instance());
  }

  @Test
  void tenantsAreRepeatableAndPluralInTheEnvironment() {
    assertEquals(List.of("a", "b"), settings(Map.of("WORKER_MANAGER_TENANTS", "a,b")).tenants());
    assertEquals(List.of("a", "b"), settings(Map.of(), "--tenant", "a", "--tenant", "b").tenants());
  }

  @Test
  void whatIsMalformedIsNamed() {
    assertWrong("--amqp-uri (WORKER_MANAGER_AMQP_URI)", Map.of("WORKER_MANAGER_AMQP_URI", "x"));
    Map<String, String> fine = Map.of("WORKER_MANAGER_AMQP_URI", "amqp://localhost");
    assertWrong("--jdbc-url", fine, "--jdbc-url", "jdbc:other:x");
    assertWrong("--config", fine, "--config", "file.json");
    assertWrong("--tenant", fine, "--tenant", "x".repeat(256));
    assertWrong("--instance-id", fine, "--instance-id", "a b");
    assertWrong("--heartbeat-expiry", fine, "--heartbeat-expiry", "0s");
  }

  @Test
  void variablesThatLookLikeOursAndAreNoneAreRefused() {
    assertEquals(
        2,
        WorkerManagerCommand.execute(new String[] {"config"}, Map.of("WORKER_MANAGER_TYPO", "x")));
    assertEquals(2, WorkerManagerCommand.execute(new String[] {"run", "--typo"}, Map.of()));
  }
}
