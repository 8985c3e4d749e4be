package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.client.Worker;

/** The packaged program by itself: as a jar and as a distribution. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProgramIT {

  @TempDir private Path folder;

  private RunningProgram runJar(int port) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", "--embedded-port", "" + port));
    arguments.addAll(Examples.configurations());
    return Packaging.JAR.start(folder, arguments);
  }

  @Test
  @SuppressWarnings("try") // the worker is there to be closed
  void theJarServesAndStopsLeavingNothingBehind() throws Exception {
    try (RunningProgram program = runJar(0)) {
      String uri = Packaging.awaitEmbedded(program);
      try (Worker worker = UpperWorker.start(uri);
          UpperRequester requester = UpperRequester.connect(uri)) {
        requester.submit("1", "shout");
        assertEquals(Set.of("SHOUT"), requester.awaitResults(1));
      }
      program.assertStops();
      assertFalse(program.out().text().contains("guest"), program.out()::text);
      assertFalse(program.err().text().contains("\tat "), program.err()::text);
      assertThrows(
          ConnectException.class,
          () -> new Socket("127.0.0.1", URI.create(uri).getPort()).close(),
          "something still listens");
    }
  }

  @Test
  void aTakenPortIsSaidAndTheNextOneUsed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        RunningProgram program = runJar(taken.getLocalPort())) {
      assertFalse(Packaging.awaitEmbedded(program).contains(":" + taken.getLocalPort() + "/"));
      program.awaitError("Port " + taken.getLocalPort() + " is taken");
    }
  }

  @ParameterizedTest
  @EnumSource(Packaging.class)
  void operatorsAreServedWhereItSays(Packaging packaging) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        RunningProgram program =
            packaging.start(
                folder,
                "run",
                "--embedded-port=0",
                "--tenant=t1",
                "--http=127.0.0.1:" + taken.getLocalPort(),
                "--http-token=operator=0123456789abcdef")) {
      String ready = program.awaitLine("Ready");
      String url = ready.substring(ready.indexOf("; HTTP ") + "; HTTP ".length());
      program.awaitError("Port " + taken.getLocalPort() + " is taken: operators are served on ");
      HttpRequest.Builder tenants = HttpRequest.newBuilder(URI.create(url + "/tenants"));
      HttpClient client = HttpClient.newHttpClient();
      assertEquals(401, client.send(tenants.build(), BodyHandlers.ofString()).statusCode());
      tenants.header("Authorization", "Bearer 0123456789abcdef");
      assertEquals("[\"t1\"]", client.send(tenants.build(), BodyHandlers.ofString()).body());
      program.assertStops();
      assertFalse(program.printed().contains("0123456789"), program::printed);
    }
  }

  @Test
  void operatorsNeedNotBeServed() throws Exception {
    try (RunningProgram program =
        Packaging.JAR.start(folder, "run", "--embedded-port=0", "--http=off")) {
      String ready = program.awaitLine("Ready");
      assertFalse(ready.contains("HTTP"), ready);
      program.assertStops();
      program.awaitError("Stopping");
    }
  }

  @Test
  void wrongSettingsAreRefused() throws Exception {
    List<String> wrongs =
        List.of(
            "run --heartbeat-expiry=soon",
            "run --amqp-uri=http://x",
            "run --jdbc-url=jdbc:oracle:x",
            "run --no-such-option",
            "run --http=0.0.0.0:8085",
            "run --http=nonsense",
            "run --http-token=admin=short",
            "run --http-token-file=missing",
            "run --config=t1=missing.json",
            "config check missing.json",
            "nonsense");
    // an address of no machine: only who listens there finds that out
    try (RunningProgram program =
        Packaging.JAR.start(
            folder,
            "run",
            "--embedded-port=0",
            "--http=192.0.2.1:8085",
            "--http-token=admin=0123456789abcdef")) {
      program.assertEnds(2);
      assertTrue(program.printed().contains("192.0.2.1:8085"), program::printed);
    }
    for (String wrong : wrongs) {
      try (RunningProgram program = Packaging.JAR.start(folder, wrong.split(" "))) {
        program.assertEnds(2);
        String name = wrong.substring(wrong.lastIndexOf(' ') + 1).split("=")[0];
        assertTrue(program.printed().contains(name), program::printed);
      }
    }
  }

  @Test
  void theDistributionShowsTheDemo() throws Exception {
    try (RunningProgram program =
        Packaging.DISTRIBUTION.start(folder, "demo", "--requests", "200")) {
      program.awaitLine("Done: 202 requests");
      program.assertEnds(0);
    }
  }
}
