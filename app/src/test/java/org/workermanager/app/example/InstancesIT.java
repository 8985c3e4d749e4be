package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.client.Worker;

/** Several processes of the packaged program, side by side or one after the other. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InstancesIT {

  private static final String RESPONSES =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";
  private static final String OTHERWISE = "instances are not tried side by side";
  private static final int REQUESTS = 100;
  private static final int WAITING = 10;

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

  @Test
  @SuppressWarnings("try") // the worker is there to be closed
  void twoShareTheWork() throws Exception {
    String configuration = configured("configuration.json");
    // who did it shows in what it publishes
    try (RealServices services = RealServices.assume(OTHERWISE);
        RunningProgram one =
            run(Packaging.JAR, services.options(), configuration, "--app-id", "one");
        RunningProgram two =
            run(Packaging.DISTRIBUTION, services.options(), configuration, "--app-id", "two")) {
      one.awaitLine("Ready");
      two.awaitLine("Ready");
      try (Connection connection = RealServices.connect();
          Worker worker = UpperWorker.start(services.amqpUri());
          UpperRequester requester = UpperRequester.connect(services.amqpUri())) {
        BlockingQueue<String> authors = authorsOfResponses(connection);
        for (int i = 0; i < REQUESTS; i++) {
          requester.submit("" + i, "request " + i);
        }
        assertEquals(REQUESTS, requester.awaitResults(REQUESTS).size());
        Set<String> heard = new HashSet<>();
        while (heard.size() < 2) {
          String author = authors.poll(10, TimeUnit.SECONDS);
          if (author == null) {
            throw new AssertionError("Only one of them worked: " + heard);
          }
          heard.add(author);
        }
      }
      one.assertStops();
      two.assertStops();
    }
  }

  private static BlockingQueue<String> authorsOfResponses(Connection connection) throws Exception {
    BlockingQueue<String> authors = new LinkedBlockingQueue<>();
    Channel channel = connection.createChannel();
    String queue = channel.queueDeclare().getQueue();
    channel.queueBind(queue, RESPONSES, "");
    channel.basicConsume(
        queue,
        true,
        (tag, response) -> authors.add(response.getProperties().getAppId()),
        tag -> {});
    return authors;
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
