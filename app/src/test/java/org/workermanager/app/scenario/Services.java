package org.workermanager.app.scenario;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.jdbc.JdbcSettings;

/**
 * The broker and the database that scenarios run on. Closing gives back what was made for them.
 *
 * @param close undoes what was done
 */
record Services(BrokerAddress broker, JdbcSettings database, Runnable close) {

  private static final String AMQP_URI =
      Optional.ofNullable(System.getenv("WORKER_MANAGER_TEST_AMQP_URI"))
          .orElse("amqp://guest:guest@127.0.0.1:5672/%2F");
  private static final String JDBC_URL =
      Optional.ofNullable(System.getenv("WORKER_MANAGER_TEST_JDBC_URL"))
          .orElse("jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres");

  /** The protocol's queues: on a broker that tests share they are made anew. */
  private static final List<String> QUEUES =
      List.of(
          "regards.broadcast.rs-worker-manager.fr.cnes.regards.modules.workermanager.service.flow.RequestHandler",
          "regards.worker.manager.response",
          "regards.worker.manager.request.dlq",
          "regards.DLQ");

  static Services embedded() {
    // goes with mvn clean; with a blank, as folders of users may have
    Path folder = Path.of("target", "services " + UUID.randomUUID()).toAbsolutePath();
    EmbeddedBroker broker =
        EmbeddedBrokers.start(0, "regards.multitenant.manager", folder.resolve("broker"));
    return new Services(
        BrokerAddress.parse(broker.uri()),
        JdbcSettings.of("jdbc:h2:file:" + folder.resolve("database"), null, null),
        broker::close);
  }

  /**
   * Real ones; where nobody listens the embedded ones, and says so. Who listens and refuses is a
   * failure.
   */
  static Services real() throws Exception {
    URI amqp = URI.create(AMQP_URI);
    URI jdbc = URI.create(JDBC_URL.substring("jdbc:".length()));
    if (!isListening(amqp, 5672) || !isListening(jdbc, 5432)) {
      if ("true".equals(System.getenv("WORKER_MANAGER_TEST_REQUIRE_SERVICES"))) {
        throw new IllegalStateException(
            "RabbitMQ or PostgreSQL does not listen, and both are required");
      }
      System.out.println(
          "No RabbitMQ or no PostgreSQL listens at the addresses of the tests: they run embedded");
      return embedded();
    }
    BrokerAddress broker = BrokerAddress.parse(AMQP_URI);
    try (Connection connection = broker.connect("tests");
        Channel channel = connection.createChannel()) {
      for (String queue : QUEUES) {
        channel.queueDelete(queue);
      }
    }
    String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
    sql("CREATE SCHEMA " + schema);
    String separator = JDBC_URL.contains("?") ? "&" : "?";
    return new Services(
        broker,
        JdbcSettings.of(JDBC_URL + separator + "currentSchema=" + schema, null, null),
        () -> sql("DROP SCHEMA " + schema + " CASCADE"));
  }

  private static void sql(String statement) {
    try (java.sql.Connection connection = DriverManager.getConnection(JDBC_URL)) {
      connection.createStatement().execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "PostgreSQL listens but cannot be used: " + e.getMessage(), e);
    }
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
}
