package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.domain.request.Answer;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;

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
  @DisplayName("12. An instance starts on the schema of an older version")
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

  /** While a script runs, the one who has the lock has nothing to do. */
  @Test
  void aScriptMayTakeLongAndTheLockIsKept() {
    JdbcSettings settings = TestDatabases.of(Dialect.POSTGRESQL);
    Dialect dialect = settings.databaseUrl().dialect();
    String impatient = "&options=-c%20idle_in_transaction_session_timeout=1s&socketTimeout=1";
    String slow = "CREATE TABLE slow AS SELECT 1 AS one";
    boolean isPostgreSql = dialect == Dialect.POSTGRESQL;
    Jdbi jdbi = Jdbi.create(settings.url() + (isPostgreSql ? impatient : ""));
    try {
      new Migrations(jdbi, dialect, List.of(slow + (isPostgreSql ? " FROM pg_sleep(2.5)" : "")))
          .apply();
      assertEquals(List.of(1), numbers(jdbi, "SELECT one FROM slow"));
    } finally {
      TestDatabases.drop(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void workersOfTheFirstSchemaHaveNoDispatchTimeout(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    Jdbi jdbi = Jdbi.create(settings.url());
    try {
      new Migrations(jdbi, dialect, Migrations.SCRIPTS.subList(0, 1)).apply();
      jdbi.useHandle(
          handle -> {
            handle.execute("INSERT INTO tenant (name, version) VALUES ('t', 1)");
            handle.execute(
                "INSERT INTO worker (tenant, ordinal, worker_type, content_type_inputs, keep_errors)"
                    + " VALUES ('t', 0, 'W', 'a', TRUE)");
          });
      try (JdbcStores stores = JdbcStores.open(settings)) {
        assertEquals(
            List.of(new WorkerConfiguration("W", List.of("a"), null, true)),
            stores.stores().configurations().find("t").orElseThrow().configuration().workers());
      }
    } finally {
      TestDatabases.drop(settings);
    }
  }

  private static void insertAsVersion1(Jdbi jdbi, String id, Instant created) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO request (id, tenant, request_id, source, session, content_type, priority,"
                    + " creation_date, fingerprint, status, position, dispatched_worker_type, answered_by,"
                    + " finished, content)"
                    + " VALUES (nextval('arrival'), 't', ?, 'o', 's', 'c', 1, ?, ?, 'ERROR', -1, 'w', ?, FALSE, ?)",
                id,
                created.atOffset(ZoneOffset.UTC),
                new byte[32],
                new byte[32],
                new byte[] {1}));
  }

  @ParameterizedTest
  @EnumSource
  void requestsOfTheFirstSchemaAreReadAndFound(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    Jdbi jdbi = Jdbi.create(settings.url());
    Instant created = Instant.parse("2026-01-02T03:04:05.000001Z");
    try {
      new Migrations(jdbi, dialect, Migrations.SCRIPTS.subList(0, 1)).apply();
      insertAsVersion1(jdbi, "before", created);
      try (JdbcStores stores = JdbcStores.open(settings)) {
        Request request =
            stores.stores().search().find(new RequestKey("t", "before")).orElseThrow().request();
        assertEquals(created, request.since());
        assertEquals(List.of(), request.history());
        assertEquals(new Answer(Fingerprint.of(new byte[32]), false), request.state().answeredBy());
        assertEquals(1, unchangedSince(stores, created));
        assertEquals(0, unchangedSince(stores, created.minusNanos(1)));
        // by a manager that was started before
        insertAsVersion1(jdbi, "after", created);
        assertEquals(1, unchangedSince(stores, created));
        assertEquals(2, unchangedSince(stores, Instant.now().plusSeconds(60)));
      }
    } finally {
      TestDatabases.drop(settings);
    }
  }

  private static long unchangedSince(JdbcStores stores, Instant moment) {
    RequestFilter filter =
        new RequestFilter(null, null, null, null, null, null, null, null, moment);
    return stores.stores().search().search("t", filter, PageRequest.first(1)).totalElements();
  }

  @ParameterizedTest
  @EnumSource
  void theScriptsBearBeingBegunAgain(Dialect dialect) {
    JdbcSettings settings = TestDatabases.of(dialect);
    Jdbi jdbi = Jdbi.create(settings.url());
    try {
      JdbcStores.open(settings).close();
      insertAsVersion1(jdbi, "1", Instant.now());
      jdbi.useHandle(handle -> handle.execute("DELETE FROM schema_version"));
      try (JdbcStores stores = JdbcStores.open(settings)) {
        assertEquals(1, unchangedSince(stores, Instant.now().plusSeconds(60)));
      }
      assertEquals(
          IntStream.rangeClosed(1, Migrations.SCRIPTS.size()).boxed().toList(),
          numbers(jdbi, "SELECT version FROM schema_version ORDER BY version"));
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
