package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program with requesters and workers in Python, which share no line of code with it:
 * the README's, and those of scenarios.py.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PythonPeersIT {

  @TempDir private Path folder;

  @BeforeAll
  static void assumePika() throws InterruptedException {
    Python.assumePika();
  }

  @Test
  void onRabbitMqAndPostgreSql() throws Exception {
    Optional<RealServices> services = RealServices.prepare("the packaged program runs embedded");
    if (services.isEmpty()) {
      servesEmbedded(Packaging.JAR);
      return;
    }
    try (RealServices real = services.get()) {
      servesWorkersThatWereFirst(real);
    }
  }

  @Test
  void onTheEmbeddedOnes() throws Exception {
    servesEmbedded(Packaging.DISTRIBUTION);
  }

  private void servesWorkersThatWereFirst(RealServices services) throws Exception {
    String uri = services.amqpUri();
    try (RunningProgram worker = Python.start("worker.py", uri)) {
      worker.awaitLine("Waiting for requests");
      try (RunningProgram program = Packaging.JAR.start(folder, run(services.options()))) {
        program.awaitLine("Ready");
        try (RunningProgram requester = Python.start("requester.py", uri, "first")) {
          requester.awaitLine("GRANTED");
          assertSucceeds(requester, "FIRST");
        }
        passesTheScenarios(uri);
        endsWhenItCannotBeat(worker);
        program.assertStops();
      }
    }
  }

  private void servesEmbedded(Packaging packaging) throws Exception {
    try (RunningProgram program = packaging.start(folder, run(List.of("--embedded-port", "0")))) {
      String uri = Packaging.awaitEmbedded(program);
      try (RunningProgram requester = Python.start("requester.py", uri, "early")) {
        requester.awaitLine("DELAYED");
        try (RunningProgram worker = Python.start("worker.py", uri)) {
          requester.awaitLine("GRANTED");
          assertSucceeds(requester, "EARLY");
          passesTheScenarios(uri);
          program.assertStops();
          // with its broker
          worker.assertEnds(1);
        }
      }
    }
  }

  private static List<String> run(List<String> services) {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(services);
    arguments.addAll(Examples.configurations());
    return arguments;
  }

  private static void assertSucceeds(RunningProgram requester, String content)
      throws InterruptedException {
    String last = requester.awaitLine("SUCCESS");
    assertTrue(last.endsWith(content), last);
    requester.assertEnds(0);
  }

  private static void passesTheScenarios(String uri) throws Exception {
    try (RunningProgram scenarios = Python.start("scenarios.py", "--verbose", uri)) {
      scenarios.assertEnds(0);
      // none at all would pass too
      scenarios.awaitError("test_workflow");
    }
  }

  /** Alone its heartbeats fail: it could still take requests. */
  private static void endsWhenItCannotBeat(RunningProgram worker) throws Exception {
    try (Connection connection = RealServices.connect()) {
      connection.createChannel().exchangeDelete("regards.worker.manager.heartbeat");
    }
    worker.awaitError("Cannot beat");
    worker.assertEnds(1);
  }
}
