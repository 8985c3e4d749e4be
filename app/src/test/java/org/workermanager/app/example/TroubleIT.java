package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the packaged program cannot put right itself: it says so in one line, waits, and stops when
 * it is told to.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TroubleIT {

  /** Nobody listens on a port so low. */
  private static final int DEAD_PORT = 1;

  private static final String OTHERWISE = "wrong logins are not tried";
  private static final String SECRET = "s3cret";

  @TempDir private Path folder;

  @Test
  void theBrokerIsAway() throws Exception {
    assertWaits(
        Packaging.DISTRIBUTION,
        "start the broker",
        "--amqp-uri",
        "amqp://me:" + SECRET + "@127.0.0.1:" + DEAD_PORT + "/v");
  }

  @Test
  void theDatabaseIsAway() throws Exception {
    assertWaits(
        Packaging.JAR,
        "start the database",
        "--embedded-port",
        "0",
        "--jdbc-url",
        "jdbc:postgresql://127.0.0.1:" + DEAD_PORT + "/db",
        "--db-user",
        "me",
        "--db-password",
        SECRET);
  }

  @Test
  void thePasswordIsWrong() throws Exception {
    try (RealServices services = RealServices.assume(OTHERWISE)) {
      String uri = services.amqpUri().replaceFirst("//([^@/]*@)?", "//guest:" + SECRET + "@");
      assertWaits(Packaging.JAR, "refuses the login", "--amqp-uri", uri);
    }
  }

  @Test
  @DisplayName("11. The virtual host is missing")
  void theVirtualHostIsMissing() throws Exception {
    try (RealServices services = RealServices.assume(OTHERWISE)) {
      URI uri = URI.create(services.amqpUri()).resolve("/no-such-vhost");
      assertWaits(Packaging.DISTRIBUTION, "add_vhost", "--amqp-uri", uri.toString());
    }
  }

  private void assertWaits(Packaging packaging, String problem, String... settings)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(List.of(settings));
    try (RunningProgram program = packaging.start(folder, arguments)) {
      program.awaitError(problem);
      program.assertStops();
      String said = program.err().text();
      assertEquals(1, said.lines().filter(line -> !line.contains(" INFO ")).count(), said);
      assertFalse(said.contains(SECRET), said);
      assertEquals("", program.out().text());
    }
  }
}
