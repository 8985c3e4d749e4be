package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {

  /** Scripts that notice when they are applied twice. */
  private static final List<String> SCRIPTS =
      List.of(
          """
          CREATE TABLE applied (script INTEGER); -- which; in order
          INSERT INTO applied VALUES (1);
          """,
          "ALTER TABLE applied ADD remark {text}; INSERT INTO applied VALUES (2, 'second')",
          "INSERT INTO applied VALUES (3, 'third')");

  private static void migrate(Jdbi jdbi, Dialect dialect, int scripts) {
    new Migrations(jdbi, dialect, SCRIPTS.subList(0, scripts)).apply();
  }

  private static List<Integer> numbers(Jdbi jdbi, String query) {
    return jdbi.withHandle(handle -> handle.createQuery(query).mapTo(Integer.class).list());
  }

  private static void assertAtVersion3(Jdbi jdbi) {
    assertEquals(List.of(1, 2, 3), numbers(jdbi, "SELECT script FROM applied"));
    assertEquals(List.of(1, 2, 3), numbers(jdbi, "SELECT version FROM schema_version"));
  }

  @ParameterizedTest
  @EnumSource
  void anOlderSchemaGetsTheScriptsItHasNotHad(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    Jdbi jdbi = Jdbi.create(settings.url());
    try {
      migrate(jdbi, dialect, 1);
      assertEquals(List.of(1), numbers(jdbi, "SELECT script FROM applied"));
      migrate(jdbi, dialect, 3);
      assertAtVersion3(jdbi);
      migrate(jdbi, dialect, 3);
      assertAtVersion3(jdbi);
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereTwoStartTogetherOneAppliesThem(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    Jdbi jdbi = Jdbi.create(settings.url());
    try (Handle locking = jdbi.open()) {
      migrate(jdbi, dialect, 1);
      locking.begin();
      dialect.lockSchema().forEach(locking::execute);
      CompletableFuture<Void> one = CompletableFuture.runAsync(() -> migrate(jdbi, dialect, 3));
      CompletableFuture<Void> other = CompletableFuture.runAsync(() -> migrate(jdbi, dialect, 3));
      TestDatabases.awaitWaiting(2, locking, dialect);
      assertEquals(List.of(1), numbers(jdbi, "SELECT script FROM applied"));
      locking.commit();
      CompletableFuture.allOf(one, other).join();
      assertAtVersion3(jdbi);
    } finally {
      TestDatabases.drop(settings);
    }
  }
}
