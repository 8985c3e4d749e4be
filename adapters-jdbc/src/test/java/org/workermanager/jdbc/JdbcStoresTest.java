package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdbcStoresTest {

  @ParameterizedTest
  @EnumSource
  void severalInstancesMayStartTogetherOnAnEmptyDatabase(Dialect database) throws Exception {
    JdbcSettings settings = TestDatabases.of(database);
    try {
      RequestStoreContract.together(
          4,
          () -> {
            try (JdbcStores stores = JdbcStores.open(settings)) {
              return stores.requests().openBatches();
            }
          });
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSchemaThatIsTooNewIsRefused(Dialect database) {
    JdbcSettings settings = TestDatabases.of(database);
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
