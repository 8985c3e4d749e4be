package org.workermanager.app.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.workermanager.app.TestEnvironment;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.ServedTenant;
import org.workermanager.jdbc.JdbcSettings;
import org.workermanager.jdbc.JdbcStores;

class ConfigurationWriterTest {

  private static final int CONFIGURATIONS = 300;

  @Test
  void writesEverythingTheFormatHas() {
    Configuration configuration =
        new Configuration(
            List.of(
                new WorkerConfiguration("Upper", List.of("text", "é"), "loud", true),
                new WorkerConfiguration(
                    "Print", List.of("loud"), null, false, Duration.ofMinutes(10))),
            List.of(
                new WorkflowConfiguration(
                    "flow",
                    List.of(new WorkflowStep(7, "Print"), new WorkflowStep(2, "Upper")),
                    false)),
            List.of("a\"b", "c\\d"));
    assertEquals(
        """
        {
          "microservice": "rs-worker-manager",
          "modules": [
            {
              "module": {
                "id": "workermanager"
              },
              "resetBeforeImport": true,
              "configuration": [
                {
                  "key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto",
                  "value": {
                    "workerType": "Upper",
                    "contentTypeInputs": [
                      "text",
                      "é"
                    ],
                    "contentTypeOutput": "loud",
                    "keepErrors": true
                  }
                },
                {
                  "key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto",
                  "value": {
                    "workerType": "Print",
                    "contentTypeInputs": [
                      "loud"
                    ],
                    "keepErrors": false,
                    "dispatchTimeout": "PT10M"
                  }
                },
                {
                  "key": "fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto",
                  "value": {
                    "workflowType": "flow",
                    "steps": [
                      {
                        "stepNumber": 7,
                        "workerType": "Print"
                      },
                      {
                        "stepNumber": 2,
                        "workerType": "Upper"
                      }
                    ],
                    "keepErrors": false
                  }
                },
                {
                  "key": "fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting",
                  "value": {
                    "name": "skipContentTypes",
                    "description": "Content types whose requests are answered SKIPPED",
                    "value": "[\\"a\\\\\\"b\\",\\"c\\\\\\\\d\\"]",
                    "defaultValue": "[]",
                    "className": "java.util.ArrayList",
                    "containsSensitiveParameters": false
                  }
                }
              ]
            }
          ]
        }
        """,
        new String(ConfigurationWriter.write(configuration), UTF_8));
  }

  @Test
  void writesTheSettingAlsoWhenNothingIsSkipped() {
    assertImportGivesBack(Configuration.EMPTY, List.of(Configuration.EMPTY));
    ConfigurationUpdate update = update(Configuration.EMPTY);
    assertEquals(new ConfigurationUpdate(true, List.of(), List.of(), List.of()), update);
  }

  @Test
  void exportThenImportIsTheIdentityWhateverIsConfiguredThere() {
    List<Configuration> targets = configurations(random()).subList(0, 20);
    for (Configuration exported : configurations(random())) {
      assertImportGivesBack(exported, targets);
    }
  }

  private static void assertImportGivesBack(Configuration exported, List<Configuration> targets) {
    ConfigurationUpdate update = update(exported);
    for (Configuration target : targets) {
      assertEquals(exported, update.appliedTo(target));
    }
    assertArrayEquals(
        ConfigurationWriter.write(exported),
        ConfigurationWriter.write(update.appliedTo(Configuration.EMPTY)));
  }

  private static ConfigurationUpdate update(Configuration exported) {
    ConfigurationFile file = ConfigurationFile.parse(ConfigurationWriter.write(exported));
    assertEquals(List.of(), file.notes());
    return file.update();
  }

  @Test
  void alsoThroughADatabase() {
    assertStoredAsExported(JdbcSettings.of("jdbc:h2:mem:" + UUID.randomUUID(), null, null));
  }

  @Test
  void alsoThroughPostgreSql() throws SQLException {
    if (!TestEnvironment.hasServices()) {
      TestEnvironment.missing("No PostgreSQL listens", "exports are tested on H2 alone");
      return;
    }
    String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
    sql("CREATE SCHEMA " + schema);
    try {
      assertStoredAsExported(JdbcSettings.of(TestEnvironment.jdbcUrl(schema), null, null));
    } finally {
      sql("DROP SCHEMA " + schema + " CASCADE");
    }
  }

  private static void assertStoredAsExported(JdbcSettings database) {
    try (JdbcStores stores = JdbcStores.open(database)) {
      ConfigurationStore store = stores.stores().configurations();
      for (Configuration exported : configurations(random())) {
        ConfigurationUpdate update = update(exported);
        store.change(
            "t", served -> new ServedTenant(update.appliedTo(served.configuration()), null));
        assertEquals(Optional.of(exported), store.find("t").map(ServedTenant::configuration));
      }
    }
  }

  private static void sql(String statement) throws SQLException {
    try (java.sql.Connection connection = DriverManager.getConnection(TestEnvironment.JDBC_URL)) {
      connection.createStatement().execute(statement);
    }
  }

  private static List<Configuration> configurations(RandomGenerator random) {
    List<Configuration> configurations = new ArrayList<>();
    for (int i = 0; i < CONFIGURATIONS; i++) {
      configurations.add(RandomConfigurations.next(random));
    }
    return configurations;
  }

  private static RandomGenerator random() {
    return new SplittableRandom(20260101);
  }
}
