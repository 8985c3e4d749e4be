package org.workermanager.app.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.Eventually;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.jdbc.JdbcSettings;
import org.workermanager.jdbc.JdbcStores;

class WorkerManagerServiceTest {

  private final WorkerManagerService service =
      new WorkerManagerService(
          new ServiceSettings(
              AmqpSettings.of(
                  BrokerAddress.parse("amqp://127.0.0.1:1"), "one", Duration.ofSeconds(60)),
              JdbcSettings.of("jdbc:h2:mem:service", null, null),
              List.of(),
              Map.of(),
              false),
          new ServiceListener() {});

  @AfterEach
  void close() {
    service.close();
  }

  private String refusal() {
    return assertThrows(IllegalStateException.class, service::start).getMessage();
  }

  @Test
  void isStartedOnce() {
    assertNull(service.manager());
    service.start();
    assertEquals("The service has been started already", refusal());
  }

  @Test
  void isNotStartedOnceClosed() {
    service.close();
    service.close();
    assertEquals("The service is closed", refusal());
  }

  @Test
  void settingsThatCannotWorkAreRefusedAtOnce() {
    BrokerAddress broker = BrokerAddress.parse("amqp://127.0.0.1");
    Duration minute = Duration.ofMinutes(1);
    for (String instance : List.of("", "x".repeat(101))) {
      assertThrows(IllegalArgumentException.class, () -> AmqpSettings.of(broker, instance, minute));
    }
    for (Duration expiry : List.of(Duration.ZERO, Duration.ofSeconds(-5), Duration.ofDays(2))) {
      assertThrows(IllegalArgumentException.class, () -> AmqpSettings.of(broker, "i", expiry));
    }
    AmqpSettings amqp = AmqpSettings.of(broker, "i", minute);
    JdbcSettings database = JdbcSettings.of("jdbc:h2:mem:settings", null, null);
    for (String tenant : List.of("", "x".repeat(256), "a\u0000")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new ServiceSettings(amqp, database, List.of(tenant), Map.of(), false));
    }
  }

  @Test
  void theLeaseIsRenewedWhileItIsStillStarting(@TempDir Path folder) throws Exception {
    String url = "jdbc:h2:mem:starting;LOCK_TIMEOUT=60000;DB_CLOSE_DELAY=-1";
    JdbcSettings database = JdbcSettings.of(url, null, null);
    JdbcStores.open(database).close();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    try (EmbeddedBroker broker = EmbeddedBrokers.start(0, "starting", folder);
        Connection holdingUp = DriverManager.getConnection(url);
        Connection looking = DriverManager.getConnection(url);
        WorkerManagerService starting =
            new WorkerManagerService(
                new ServiceSettings(
                    AmqpSettings.of(
                        BrokerAddress.parse(broker.uri()), "one", Duration.ofSeconds(60)),
                    database,
                    List.of("t"),
                    Map.of(),
                    false),
                new ServiceListener() {
                  @Override
                  public void ready() {
                    ready.complete(null);
                  }
                })) {
      holdingUp.setAutoCommit(false);
      holdingUp.createStatement().execute("INSERT INTO tenant (name, version) VALUES ('t', 0)");
      starting.start();
      String begun = leaseEnd(looking, "");
      leaseEnd(looking, begun);
      assertFalse(ready.isDone());
      holdingUp.rollback();
      ready.get(60, TimeUnit.SECONDS);
    }
  }

  /** When the lease ends, once that is another time than before. */
  private static String leaseEnd(Connection database, String before) {
    return Eventually.await("the lease to end at another time than " + before)
        .until(() -> leaseEnd(database), end -> !end.equals(before));
  }

  /** Empty if there is none. */
  private static String leaseEnd(Connection database) throws SQLException {
    try (ResultSet lease = database.createStatement().executeQuery("SELECT ends_at FROM lease")) {
      return lease.next() ? lease.getString(1) : "";
    }
  }

  @Test
  void isClosedInTimeThoughTheDatabaseDoesNotLetGoOfTheLease(@TempDir Path folder)
      throws Exception {
    String url = "jdbc:h2:mem:closing;LOCK_TIMEOUT=2000";
    CompletableFuture<Void> ready = new CompletableFuture<>();
    try (EmbeddedBroker broker = EmbeddedBrokers.start(0, "closing", folder)) {
      WorkerManagerService begun =
          new WorkerManagerService(
              new ServiceSettings(
                  AmqpSettings.of(BrokerAddress.parse(broker.uri()), "one", Duration.ofSeconds(60)),
                  JdbcSettings.of(url, null, null),
                  List.of(),
                  Map.of(),
                  false),
              new ServiceListener() {
                @Override
                public void ready() {
                  ready.complete(null);
                }
              });
      begun.start();
      ready.get(60, TimeUnit.SECONDS);
      try (Connection locking = DriverManager.getConnection(url)) {
        locking.setAutoCommit(false);
        locking.createStatement().execute("SELECT * FROM lease FOR UPDATE");
        assertTimeout(Duration.ofSeconds(10), begun::close);
      }
    }
  }
}
