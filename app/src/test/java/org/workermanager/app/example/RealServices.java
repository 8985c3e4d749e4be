package org.workermanager.app.example;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.app.TestEnvironment;

/**
 * RabbitMQ, with nothing of the protocol left from earlier tests, and PostgreSQL, with a schema of
 * this test's own.
 */
record RealServices(String schema) implements AutoCloseable {

  /** What programs leave on the broker. */
  private static final List<String> QUEUES =
      List.of(
          "regards.broadcast.rs-worker-manager.fr.cnes.regards.modules.workermanager.service.flow.RequestHandler",
          "regards.worker.manager.response",
          "regards.worker.manager.request.dlq",
          "regards.worker.upper.request",
          "regards.DLQ");

  /** What a worker publishes to. */
  private static final List<String> EXCHANGES_OF_WORKERS =
      List.of("regards.worker.manager.heartbeat", "regards.worker.manager.response");

  /** None where one of them does not listen; who listens and refuses is a failure. */
  static Optional<RealServices> prepare(String otherwise) throws Exception {
    if (!TestEnvironment.hasServices()) {
      TestEnvironment.missing(
          "No RabbitMQ or no PostgreSQL listens at the addresses of the tests", otherwise);
      return Optional.empty();
    }
    clearBroker();
    String schema = "it_" + UUID.randomUUID().toString().replace("-", "");
    sql("CREATE SCHEMA " + schema);
    return Optional.of(new RealServices(schema));
  }

  /** Skips the test where one of them does not listen. */
  static RealServices assume(String otherwise) throws Exception {
    Optional<RealServices> services = prepare(otherwise);
    assumeTrue(services.isPresent(), "no RabbitMQ or no PostgreSQL");
    return services.get();
  }

  private static void clearBroker() throws IOException, TimeoutException {
    try (Connection connection = connect();
        Channel channel = connection.createChannel()) {
      for (String queue : QUEUES) {
        channel.queueDelete(queue);
      }
      for (String exchange : EXCHANGES_OF_WORKERS) {
        channel.exchangeDelete(exchange);
      }
    }
  }

  static Connection connect() throws IOException, TimeoutException {
    return BrokerAddress.parse(TestEnvironment.AMQP_URI).connect("tests");
  }

  private static void sql(String statement) throws SQLException {
    try (java.sql.Connection connection = DriverManager.getConnection(TestEnvironment.JDBC_URL)) {
      connection.createStatement().execute(statement);
    }
  }

  String amqpUri() {
    return TestEnvironment.AMQP_URI;
  }

  String jdbcUrl() {
    return TestEnvironment.jdbcUrl(schema);
  }

  /** The options that make a program run on them. */
  List<String> options() {
    return List.of("--amqp-uri", amqpUri(), "--jdbc-url", jdbcUrl());
  }

  /** Every row of every table, but for the leases, which are renewed all the time. */
  List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (java.sql.Connection connection = DriverManager.getConnection(jdbcUrl())) {
      for (String table :
          column(
              connection,
              "SELECT tablename FROM pg_tables WHERE schemaname = '"
                  + schema
                  + "' AND tablename <> 'lease' ORDER BY 1")) {
        for (String row : column(connection, "SELECT r::text FROM " + table + " r ORDER BY 1")) {
          rows.add(table + row);
        }
      }
    }
    return rows;
  }

  private static List<String> column(java.sql.Connection connection, String query)
      throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet result = connection.createStatement().executeQuery(query)) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    }
    return values;
  }

  @Override
  public void close() throws IOException, SQLException, TimeoutException {
    sql("DROP SCHEMA " + schema + " CASCADE");
    clearBroker();
  }
}
