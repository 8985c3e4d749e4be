package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.workermanager.amqp.client.RequestMessage;
import org.workermanager.amqp.client.Requester;
import org.workermanager.amqp.client.ResponseMessage;
import org.workermanager.amqp.client.Worker;
import org.workermanager.amqp.connection.BrokerAddress;

/** The packaged program: as a jar and as a distribution, with the README's workers. */
class ProgramIT {

  private static final Path EXAMPLES = Path.of("src/test/examples").toAbsolutePath();

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String uri(int port) {
    return "amqp://guest:guest@127.0.0.1:" + port + "/regards.multitenant.manager";
  }

  private static String[] run(int port) {
    return new String[] {
      "run",
      "--embedded-port",
      Integer.toString(port),
      "--config",
      "t1=" + EXAMPLES.resolve("configuration.json")
    };
  }

  /** Submits one request of the README's and returns the last response. */
  private static ResponseMessage upper(String uri, String text) throws Exception {
    BlockingQueue<ResponseMessage> responses = new LinkedBlockingQueue<>();
    try (Requester requester =
        Requester.connectTemporarily(BrokerAddress.parse(uri), responses::add)) {
      requester.submit(
          List.of(new RequestMessage("t1", "1", "me", "today", "text", 0, text.getBytes(UTF_8))));
      ResponseMessage response;
      do {
        response = responses.poll(30, TimeUnit.SECONDS);
      } while (response != null && !response.state().equals("SUCCESS"));
      return response;
    }
  }

  @Test
  void theJarServesAndStopsLeavingNothingBehind() throws Exception {
    int port = freePort();
    try (PackagedProgram program = PackagedProgram.jar(run(port))) {
      String ready = program.awaitLine("Ready");
      assertTrue(ready.contains(":" + port) && !ready.contains("guest"), ready);
      Worker worker = UpperWorker.start(uri(port));
      assertEquals("SHOUT", new String(upper(uri(port), "shout").content(), UTF_8));
      worker.close();
      assertEquals(0, program.terminate());
      assertFalse(program.errorText().contains("\tat "), program.errorText());
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      throw new AssertionError("Something still listens");
    } catch (IOException expected) {
      // nothing listens any more
    }
  }

  @Test
  void theDistributionServesAWorkerInPython() throws Exception {
    boolean pika =
        new ProcessBuilder("/usr/bin/python3", "-c", "import pika").start().waitFor() == 0;
    if (!"true".equals(System.getenv("WORKER_MANAGER_TEST_REQUIRE_SERVICES"))) {
      assumeTrue(pika, "Python's pika is not installed");
    }
    assertTrue(pika, "Python's pika is not installed, and it is required");
    int port = freePort();
    try (PackagedProgram program = PackagedProgram.distribution(run(port))) {
      program.awaitLine("Ready");
      Process worker =
          new ProcessBuilder(
                  "/usr/bin/python3", EXAMPLES.resolve("worker.py").toString(), uri(port))
              .inheritIO()
              .start();
      try {
        assertEquals("SHOUT", new String(upper(uri(port), "shout").content(), UTF_8));
      } finally {
        worker.destroyForcibly();
      }
      assertEquals(0, program.terminate());
    }
  }

  @Test
  void aTakenPortIsSaidAndTheNextOneUsed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        PackagedProgram program = PackagedProgram.jar(run(taken.getLocalPort()))) {
      assertFalse(program.awaitLine("Ready").contains(":" + taken.getLocalPort() + ","));
      assertTrue(program.errorText().contains("is taken"), program.errorText());
    }
  }

  @Test
  void aMissingBrokerIsSaidInOneLineAndWaitedFor() throws Exception {
    String missing = "amqp://me:secret@127.0.0.1:" + freePort() + "/v";
    try (PackagedProgram program = PackagedProgram.distribution("run", "--amqp-uri", missing)) {
      while (!program.errorText().contains("start the broker")) {
        assertTrue(program.process().isAlive());
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertEquals(0, program.terminate());
      assertFalse(
          program.errorText().contains("secret") || program.errorText().contains("\tat "),
          program.errorText());
    }
  }

  @Test
  void wrongSettingsAreRefused() throws Exception {
    for (List<String> wrong :
        List.of(
            List.of("run", "--heartbeat-expiry", "soon"),
            List.of("run", "--amqp-uri", "http://x"),
            List.of("run", "--jdbc-url", "jdbc:oracle:x"),
            List.of("run", "--no-such-option"),
            List.of("run", "--config", "t1=missing.json"),
            List.of("config", "check", "missing.json"),
            List.of("nonsense"))) {
      try (PackagedProgram program = PackagedProgram.jar(wrong.toArray(String[]::new))) {
        assertEquals(2, program.exitCode(), wrong::toString);
      }
    }
  }

  @Test
  void theDistributionShowsTheDemo() throws Exception {
    try (PackagedProgram program = PackagedProgram.distribution("demo", "--requests", "200")) {
      while (!program.awaitLine("").contains("Done: 202 requests")) {
        // progress
      }
      assertEquals(0, program.exitCode());
    }
  }
}
