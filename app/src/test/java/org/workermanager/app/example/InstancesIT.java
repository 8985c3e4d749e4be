package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.client.Worker;

/** Several processes of the packaged program, side by side or one after the other. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InstancesIT {

  private static final String OTHERWISE = "instances are not tried side by side";
  private static final int WAITING = 10;
  private static final int MANY = 2_000;

  @TempDir private Path folder;

  private RunningProgram run(Packaging packaging, List<String> services, String... more)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(services);
    arguments.addAll(List.of(more));
    return packaging.start(folder, arguments);
  }

  private static String configured(String file) {
    return "--config=demo=" + Examples.FOLDER.resolve(file);
  }

  /** Nothing is wrong here: so nothing may happen twice, and nobody may have it all to himself. */
  @Test
  @SuppressWarnings("try") // the worker is there to be closed
  void threeThatStartTogetherShareTheLoadAndTheDraining() throws Exception {
    String configuration = configured("configuration.json");
    try (RealServices services = RealServices.assume(OTHERWISE);
        RunningProgram one =
            run(Packaging.JAR, services.options(), configuration, "--app-id", "one");
        RunningProgram two =
            run(Packaging.DISTRIBUTION, services.options(), configuration, "--app-id", "two");
        RunningProgram three =
            run(Packaging.JAR, services.options(), configuration, "--app-id", "three")) {
      for (RunningProgram each : List.of(one, two, three)) {
        each.awaitLine("Ready");
      }
      Map<String, Integer> worked = new ConcurrentHashMap<>();
      try (Connection connection = RealServices.connect();
          UpperRequester requester = UpperRequester.connect(services.amqpUri())) {
        Responses responses = Responses.watch(connection);
        for (int i = 0; i < MANY; i++) {
          requester.submit("waiting " + i, "x");
        }
        responses.await("DELAYED", MANY);
        try (Worker worker =
            UpperWorker.start(
                services.amqpUri(),
                request -> worked.merge(request.requestId(), 1, Integer::sum))) {
          for (int i = 0; i < MANY; i++) {
            requester.submit("late " + i, "x");
          }
          responses.await("SUCCESS", 2 * MANY);
        }
        assertEquals(2 * MANY, worked.size());
        assertEquals(Set.of(1), Set.copyOf(worked.values()));
        for (int i = 0; i < MANY; i++) {
          assertEquals(List.of("DELAYED", "GRANTED", "SUCCESS"), responses.about("waiting " + i));
          List<String> late = responses.about("late " + i);
          assertEquals(
              late.contains("DELAYED")
                  ? List.of("DELAYED", "GRANTED", "SUCCESS")
                  : List.of("GRANTED", "SUCCESS"),
              late);
        }
        assertTrue(responses.authorsOf("GRANTED", "waiting").size() > 1, "one drained all");
        assertEquals(Set.of("one", "two", "three"), responses.authorsOf("SUCCESS", ""));
      }
      for (RunningProgram each : List.of(one, two, three)) {
        each.assertStops();
      }
    }
  }

  @Test
  void theSecondOfOneIdIsRefusedAndChangesNothing() throws Exception {
    try (RealServices services = RealServices.assume(OTHERWISE);
        RunningProgram first =
            run(
                Packaging.JAR,
                services.options(),
                configured("configuration.json"),
                "--instance-id",
                "one")) {
      first.awaitLine("Ready");
      List<String> before = services.rows();
      try (RunningProgram second =
          run(
              Packaging.JAR,
              services.options(),
              configured("scenarios.json"),
              "--tenant",
              "intruder",
              "--instance-id",
              "one")) {
        second.assertEnds(2);
        second.awaitError("another process runs with the instance id 'one'");
        assertEquals("", second.out().text());
      }
      assertFalse(before.isEmpty());
      assertEquals(before, services.rows());
      first.assertStops();
    }
  }

  @Test
  @SuppressWarnings("try") // the worker is there to be closed
  void whatWaitedInOneThatWasKilledIsDispatchedByTheNext() throws Exception {
    List<String> here = List.of("--embedded-port", "0", "--data-dir", "my data");
    String configuration = configured("configuration.json");
    try (RunningProgram killed = run(Packaging.JAR, here, configuration)) {
      try (UpperRequester requester = UpperRequester.connect(Packaging.awaitEmbedded(killed))) {
        // the last one may not be acknowledged yet, so that the broker has it too
        for (int i = 0; i < WAITING; i++) {
          requester.submit("" + i, "request " + i);
          requester.await("DELAYED");
        }
      }
      killed.kill();
    }
    try (RunningProgram next = run(Packaging.JAR, here, configuration)) {
      String uri = Packaging.awaitEmbedded(next);
      try (UpperRequester requester = UpperRequester.connect(uri);
          Worker worker = UpperWorker.start(uri)) {
        assertEquals(WAITING, requester.awaitResults(WAITING).size());
      }
      next.assertStops();
    }
  }
}
