package org.workermanager.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

/** What whoever runs the tests says about this machine, and what is there. */
public final class TestEnvironment {

  public static final String AMQP_URI =
      variable("AMQP_URI").orElse("amqp://guest:guest@127.0.0.1:5672/%2F");
  public static final String JDBC_URL =
      variable("JDBC_URL").orElse("jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres");
  private static final boolean REQUIRED = variable("REQUIRE_SERVICES").equals(Optional.of("true"));

  private TestEnvironment() {}

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv("WORKER_MANAGER_TEST_" + name));
  }

  /** Whether RabbitMQ and PostgreSQL listen; who listens and refuses is a failure later. */
  public static boolean hasServices() {
    return isListening(URI.create(AMQP_URI), 5672)
        && isListening(URI.create(JDBC_URL.substring("jdbc:".length())), 5432);
  }

  private static boolean isListening(URI uri, int defaultPort) {
    try (Socket socket = new Socket()) {
      int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
      socket.connect(new InetSocketAddress(uri.getHost(), port), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The URL of one schema in the tests' database. */
  public static String jdbcUrl(String schema) {
    return JDBC_URL + (JDBC_URL.contains("?") ? "&" : "?") + "currentSchema=" + schema;
  }

  /** Says that something is missing, and what that means; a failure where all is required. */
  public static void missing(String what, String consequence) {
    if (REQUIRED) {
      throw new AssertionError(what + ", and all services are required");
    }
    System.out.println(what + ": " + consequence);
  }
}
