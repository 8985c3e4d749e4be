package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.ServedTenant;

class JdbcConfigurationStoreTest {

  private static final ServedTenant FULL =
      new ServedTenant(
          new Configuration(
              List.of(
                  new WorkerConfiguration(
                      "B", List.of("b", "a\\n"), null, false, Duration.ofDays(365)),
                  new WorkerConfiguration("A", List.of("a"), "b", true, Duration.ofNanos(1)),
                  new WorkerConfiguration("C", List.of("c"), null, true)),
              List.of(
                  new WorkflowConfiguration(
                      "f", List.of(new WorkflowStep(9, "B"), new WorkflowStep(1, "A")), false)),
              List.of("s")),
          RequestStoreContract.fingerprint("file"));

  @ParameterizedTest
  @EnumSource
  void configurationsReadBackAsTheyWereWritten(Dialect database) throws Exception {
    JdbcSettings settings = TestDatabases.of(database);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      ConfigurationStore store = stores.stores().configurations();
      assertEquals(Optional.empty(), store.find("t"));
      store.change("t", served -> served);
      assertEquals(Optional.of(ServedTenant.NEW), store.find("t"));
      long first = store.versions().get("t");
      store.change("t", served -> served);
      assertEquals(Map.of("t", first), store.versions());
      store.change("t", served -> FULL);
      assertEquals(Optional.of(FULL), store.find("t"));
      assertFalse(store.versions().get("t") == first);
      assertThrows(
          IllegalStateException.class,
          () ->
              store.change(
                  "t",
                  served -> {
                    throw new IllegalStateException();
                  }));
      RequestStoreContract.together(
          4,
          () -> {
            store.change("new", served -> FULL);
            return null;
          });
      assertEquals(Optional.of(FULL), store.find("new"));
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConfigurationIsReadAsItWasAtOneMoment(Dialect database) {
    JdbcSettings settings = TestDatabases.of(database);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      stores.stores().configurations().change("t", served -> FULL);
      AtomicBoolean changed = new AtomicBoolean();
      Jdbi jdbi =
          Jdbi.create(settings.url())
              .setSqlLogger(
                  new SqlLogger() {
                    @Override
                    public void logAfterExecution(StatementContext context) {
                      if (!changed.getAndSet(true)) {
                        stores.stores().configurations().change("t", served -> ServedTenant.NEW);
                      }
                    }
                  });
      ConfigurationStore reading = new JdbcConfigurationStore(new Transactions(jdbi));
      assertEquals(Optional.of(FULL), reading.find("t"));
      assertEquals(Optional.of(ServedTenant.NEW), reading.find("t"));
    } finally {
      TestDatabases.drop(settings);
    }
  }
}
