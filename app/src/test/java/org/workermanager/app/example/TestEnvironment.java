package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;

/** What whoever runs the tests says about this machine. */
final class TestEnvironment {

  static final String AMQP_URI =
      variable("AMQP_URI").orElse("amqp://guest:guest@127.0.0.1:5672/%2F");
  static final String JDBC_URL =
      variable("JDBC_URL").orElse("jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres");
  private static final boolean REQUIRED = variable("REQUIRE_SERVICES").equals(Optional.of("true"));

  private TestEnvironment() {}

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv("WORKER_MANAGER_TEST_" + name));
  }

  /** Says that something is missing, and what that means; a failure where all is required. */
  static void missing(String what, String consequence) {
    assertFalse(REQUIRED, what + ", and all services are required");
    System.out.println(what + ": " + consequence);
  }
}
