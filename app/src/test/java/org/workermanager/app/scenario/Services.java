package org.workermanager.app.scenario;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.TestEnvironment;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.jdbc.JdbcSettings;

/**
 * The broker and the database that scenarios run on. Closing gives back what was made for them.
 *
 * @param rabbitMq whether the broker is RabbitMQ
 * @param close undoes what was done
 */
public record Services(
    BrokerAddress broker, boolean rabbitMq, JdbcSettings database, Runnable close) {

  /** The protocol's queues: on a broker that tests share they are made anew. */
  private static final List<String> QUEUES =
      List.of(
          "regards.broadcast.rs-worker-manager.fr.cnes.regards.modules.workermanager.service.flow.RequestHandler",
          "regards.worker.manager.response",
          "regards.worker.manager.request.dlq",
          "regards.DLQ");

  /** Embedded ones, made for whoever asks. */
  public static Services embedded() {
    // goes with mvn clean; with a blank, as folders of users may have
    Path folder = Path.of("target", "services " + UUID.randomUUID()).toAbsolutePath();
    EmbeddedBroker broker =
        EmbeddedBrokers.start(0, "regards.multitenant.manager", folder.resolve("broker"));
    return new Services(
        BrokerAddress.parse(broker.uri()),
        false,
        // for several instances: one that has a file for itself ends the leases of all others
        JdbcSettings.of(
            "jdbc:h2:file:" + folder.resolve("database") + ";AUTO_SERVER=TRUE", null, null),
        broker::close);
  }

  /**
   * Real ones; where nobody listens the embedded ones, and says so. Who listens and refuses is a
   * failure.
   */
  public static Services real() throws Exception {
    if (!TestEnvironment.hasServices()) {
      TestEnvironment.missing(
          "No RabbitMQ or no PostgreSQL listens at the addresses of the tests",
          "they run embedded");
      return embedded();
    }
    BrokerAddress broker = BrokerAddress.parse(TestEnvironment.AMQP_URI);
    try (Connection connection = broker.connect("tests");
        Channel channel = connection.createChannel()) {
      for (String queue : QUEUES) {
        channel.queueDelete(queue);
      }
    }
    String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
    sql("CREATE SCHEMA " + schema);
    return new Services(
        broker,
        true,
        JdbcSettings.of(TestEnvironment.jdbcUrl(schema), null, null),
        () -> sql("DROP SCHEMA " + schema + " CASCADE"));
  }

  private static void sql(String statement) {
    try (java.sql.Connection connection = DriverManager.getConnection(TestEnvironment.JDBC_URL)) {
      connection.createStatement().execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "PostgreSQL listens but cannot be used: " + e.getMessage(), e);
    }
  }
}
