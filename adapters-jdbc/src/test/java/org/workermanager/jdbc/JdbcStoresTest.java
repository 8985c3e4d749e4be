package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.ServedTenant;

class JdbcStoresTest {

  private static JdbcSettings settings(String database) {
    return database.equals("H2") ? TestDatabases.h2() : TestDatabases.postgreSql();
  }

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL"})
  void severalInstancesMayStartTogetherOnAnEmptyDatabase(String database) throws Exception {
    JdbcSettings settings = settings(database);
    try (JdbcStores keepsItOpen = database.equals("H2") ? JdbcStores.open(settings) : null) {
      RequestStoreContract.together(
          4,
          () -> {
            try (JdbcStores stores = JdbcStores.open(settings)) {
              return stores.requests().openBatches();
            }
          });
      assertTrue(keepsItOpen == null || keepsItOpen.configurations().versions().isEmpty());
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL"})
  void aSchemaThatIsTooNewIsRefused(String database) {
    JdbcSettings settings = settings(database);
    try {
      JdbcStores.open(settings).close();
      Jdbi.create(settings.url())
          .useHandle(handle -> handle.execute("INSERT INTO schema_version VALUES (99)"));
      DatabaseNotUsableException e =
          assertThrows(DatabaseNotUsableException.class, () -> JdbcStores.open(settings));
      assertTrue(e.getMessage().contains("version 99"), e.getMessage());
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL"})
  void configurationsReadBackAsTheyWereWritten(String database) throws Exception {
    JdbcSettings settings = settings(database);
    try (JdbcStores stores = JdbcStores.open(settings)) {
      ConfigurationStore store = stores.configurations();
      assertEquals(Optional.empty(), store.find("t"));
      store.change("t", served -> served);
      assertEquals(Optional.of(ServedTenant.NEW), store.find("t"));
      long first = store.versions().get("t");
      store.change("t", served -> served);
      assertEquals(Map.of("t", first), store.versions());
      ServedTenant full =
          new ServedTenant(
              new Configuration(
                  List.of(
                      new WorkerConfiguration("B", List.of("b", "a\\n"), null, false),
                      new WorkerConfiguration("A", List.of("a"), "b", true)),
                  List.of(
                      new WorkflowConfiguration(
                          "f", List.of(new WorkflowStep(9, "B"), new WorkflowStep(1, "A")), false)),
                  List.of("s")),
              RequestStoreContract.fingerprint("file"));
      store.change("t", served -> full);
      assertEquals(Optional.of(full), store.find("t"));
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
            store.change("new", served -> full);
            return null;
          });
      assertEquals(Optional.of(full), store.find("new"));
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @Test
  void errorsSayWhatToDoAndShowNoPassword() {
    JdbcSettings settings =
        JdbcSettings.of("jdbc:postgresql://127.0.0.1:1/x?password=secret", "me", "secret");
    DatabaseNotUsableException e =
        assertThrows(DatabaseNotUsableException.class, () -> JdbcStores.open(settings));
    assertTrue(e.getMessage().contains("start the database"), e.getMessage());
    assertFalse((e.getMessage() + settings).contains("secret"), e.getMessage());
  }
}
