package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    assertWaits(
        Packaging.JAR, "refuses the login", "--amqp-uri", onRabbitMq("guest:" + SECRET, null));
  }

  @Test
  void theVirtualHostIsMissing() throws Exception {
    assertWaits(
        Packaging.DISTRIBUTION, "add_vhost", "--amqp-uri", onRabbitMq(null, "/no-such-vhost"));
  }

  private void assertWaits(Packaging packaging, String problem, String... settings)
      throws Exception {
    String[] arguments = new String[settings.length + 1];
    arguments[0] = "run";
    System.arraycopy(settings, 0, arguments, 1, settings.length);
    try (RunningProgram program = packaging.start(folder, arguments)) {
      program.awaitError(problem);
      program.assertStops();
      String said = program.err().text();
      assertEquals(1, said.lines().filter(line -> !line.contains(" INFO ")).count(), said);
      assertFalse(said.contains(SECRET), said);
      assertEquals("", program.out().text());
    }
  }

  /** The tests' RabbitMQ, with another login or virtual host. */
  private static String onRabbitMq(String login, String path) throws Exception {
    Optional<RealServices> services = RealServices.prepare("wrong logins are not tried");
    assumeTrue(services.isPresent(), "no RabbitMQ");
    services.get().close();
    URI uri = URI.create(TestEnvironment.AMQP_URI);
    return "amqp://%s@%s:%d%s"
        .formatted(
            login == null ? uri.getRawUserInfo() : login,
            uri.getHost(),
            uri.getPort() < 0 ? 5672 : uri.getPort(),
            path == null ? uri.getRawPath() : path);
  }
}
