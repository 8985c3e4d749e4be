package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.StoreUnavailableException;

class JdbcStoresTest {

  @ParameterizedTest
  @EnumSource
  @DisplayName("12. Two instances start on an empty database at once")
  void severalInstancesMayStartTogetherOnAnEmptyDatabase(Dialect database) throws Exception {
    JdbcSettings settings = TestDatabases.of(database);
    try {
      RequestStoreContract.together(
          4,
          () -> {
            try (JdbcStores stores = JdbcStores.open(settings)) {
              return stores.stores().requests().openBatches();
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
  void anH2FileCanBeShared(@TempDir Path folder) {
    JdbcSettings settings =
        JdbcSettings.of("jdbc:h2:file:" + folder.resolve("x") + ";AUTO_SERVER=TRUE", null, null);
    try (JdbcStores one = JdbcStores.open(settings);
        JdbcStores other = JdbcStores.open(settings)) {
      one.stores().configurations().change("t", served -> served);
      assertEquals(Set.of("t"), other.stores().configurations().versions().keySet());
    }
  }

  @Test
  void anH2DatabaseThatHasClosedItselfOverAFullDiskIsOpenedAgain(@TempDir Path folder)
      throws Exception {
    String url = "jdbc:h2:file:" + folder.resolve("x");
    try (JdbcStores stores = JdbcStores.open(JdbcSettings.of(url, null, null))) {
      ConfigurationStore store = stores.stores().configurations();
      store.change("t", served -> served);
      try (Connection other = DriverManager.getConnection(url);
          Statement statement = other.createStatement()) {
        statement.execute("SHUTDOWN IMMEDIATELY");
      }
      Set<String> found = null;
      for (int connection = 0; found == null; connection++) {
        assertTrue(connection < 100, "none of its connections is ever replaced");
        found = foundIfAnswered(store);
      }
      assertEquals(Set.of("t"), found);
    }
  }

  private static Set<String> foundIfAnswered(ConfigurationStore store) {
    try {
      return store.versions().keySet();
    } catch (StoreUnavailableException e) {
      return null;
    }
  }

  /** As when the server behind it has become a replica, or for what was set for a role. */
  @Test
  void aSessionThatHasBecomeReadOnlyIsReplaced() throws Exception {
    JdbcSettings settings = TestDatabases.postgreSql();
    assumeTrue(settings.databaseUrl().dialect() == Dialect.POSTGRESQL, "there is no PostgreSQL");
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    settings.databaseUrl().configure(config, settings.patience());
    try (HikariDataSource pool = new HikariDataSource(config)) {
      execute(pool, "SET default_transaction_read_only = on");
      assertThrows(SQLException.class, () -> execute(pool, "CREATE TABLE kept (id INTEGER)"));
      execute(pool, "CREATE TABLE kept (id INTEGER)");
    } finally {
      TestDatabases.drop(settings);
    }
  }

  private static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static DatabaseNotUsableException refusal(String url, String user, String password) {
    JdbcSettings settings = JdbcSettings.of(url, user, password);
    DatabaseNotUsableException e =
        assertThrows(DatabaseNotUsableException.class, () -> JdbcStores.open(settings));
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().startsWith("Database " + settings.database() + ": "), e.getMessage());
    StringWriter all = new StringWriter();
    e.printStackTrace(new PrintWriter(all));
    assertFalse(all.toString().contains("secret"), all::toString);
    return e;
  }

  @Test
  void aDatabaseThatDoesNotAnswerMayAnswerLater() {
    DatabaseNotUsableException e =
        refusal("jdbc:postgresql://127.0.0.1:1/x?password=secret", "me", "secret");
    assertTrue(e.getMessage().contains("start the database"), e.getMessage());
    assertFalse(e.isLasting());
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:1/x?prepareThreshold=few&password=secret",
        "jdbc:h2:mem:x;UNKNOWN=1;PASSWORD=secret",
        "jdbc:h2:unknown:x;PASSWORD=secret",
      })
  void whatOnlyTheDriverCanTellIsALastingErrorOfTheUrl(String url) {
    DatabaseNotUsableException e = refusal(url, "me", "other");
    assertTrue(e.getMessage().contains("check the JDBC URL"), e.getMessage());
    assertTrue(e.isLasting());
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }

  @Test
  void aDirectoryThatCannotBeUsedTakesOneLine(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new PrintStream(printed, true));
    System.setErr(System.out);
    try {
      for (Path directory : List.of(file, file.resolve("sub"))) {
        DatabaseNotUsableException e =
            refusal("jdbc:h2:file:" + directory.resolve("database"), null, null);
        assertTrue(e.getMessage().contains("check the data directory"), e.getMessage());
        assertTrue(e.isLasting());
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertEquals("", printed.toString());
  }
}
