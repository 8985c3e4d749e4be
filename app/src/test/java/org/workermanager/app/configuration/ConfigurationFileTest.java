package org.workermanager.app.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

class ConfigurationFileTest {

  private static final String WORKER = "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto";
  private static final String WORKFLOW =
      "fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto";
  private static final String SETTING =
      "fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting";

  private static ConfigurationUpdate read(boolean reset, String... items) {
    String json =
        """
        {"microservice": "rs-worker-manager", "modules": [
          {"module": {"id": "other"}, "configuration": "none of our business"},
          {"module": {"id": "workermanager", "name": "x"}, "resetBeforeImport": %s, "configuration": [%s]}]}
        """
            .formatted(reset, String.join(",", items));
    return ConfigurationFile.parse(json.getBytes(UTF_8)).update();
  }

  private static String item(String key, String value) {
    return "{\"key\": \"%s\", \"value\": %s}".formatted(key, value);
  }

  private static List<String> errors(String... items) {
    return assertThrows(InvalidConfigurationException.class, () -> read(false, items)).errors();
  }

  @Test
  void readsAllThatTheFormatHas() {
    ConfigurationUpdate update =
        read(
            true,
            item(
                WORKER,
                """
                {"workerType": "A", "contentTypeInputs": ["a", "a2"], "contentTypeOutput": "b", "unknown": {}}"""),
            item(
                WORKER,
                """
                {"workerType": "B", "contentTypeInputs": ["b"], "keepErrors": false, "dispatchTimeout": "PT10M"}"""),
            item(
                WORKFLOW,
                """
                {"workflowType": "f", "steps": [{"stepNumber": 9, "workerType": "B"},
                 {"stepNumber": 1, "workerType": "A"}], "keepErrors": null}"""),
            item(
                SETTING,
                """
                {"name": "skipContentTypes", "description": "d", "value": "[\\"s\\",\\"t\\"]",
                 "defaultValue": "[]", "className": "java.util.ArrayList", "containsSensitiveParameters": false}"""));
    assertEquals(
        new ConfigurationUpdate(
            true,
            List.of(
                new WorkerConfiguration("A", List.of("a", "a2"), "b", true),
                new WorkerConfiguration("B", List.of("b"), null, false, Duration.ofMinutes(10))),
            List.of(
                new WorkflowConfiguration(
                    "f", List.of(new WorkflowStep(9, "B"), new WorkflowStep(1, "A")), true)),
            List.of("s", "t")),
        update);
  }

  @Test
  void everyErrorOfFormIsReportedTogether() {
    List<String> errors =
        errors(
            item("no.such.Key", "{}"),
            item(WORKER, "[]"),
            item(
                WORKER,
                """
                {"workerType": 1, "contentTypeInputs": "a", "keepErrors": "yes"}"""),
            item(
                WORKFLOW,
                """
                {"workflowType": "f", "steps": [{"stepNumber": "1", "workerType": "A"}]}"""),
            item(
                SETTING,
                """
                {"name": "other", "value": "[]"}"""),
            item(
                SETTING,
                """
                {"name": "skipContentTypes", "value": "not a list"}"""));
    assertEquals(8, errors.size(), errors::toString);
    assertTrue(errors.get(0).contains("no.such.Key"), errors::toString);
    assertTrue(errors.get(1).startsWith("configuration[1]"), errors::toString);
  }

  @Test
  void aFileThatReplacesEverythingIsCheckedByTheRulesToo() {
    InvalidConfigurationException e =
        assertThrows(
            InvalidConfigurationException.class,
            () ->
                read(
                    true,
                    item(
                        WORKER,
                        """
                {"workerType": "A", "contentTypeInputs": []}""")));
    assertTrue(e.errors().get(0).contains("worker 'A'"), e.errors()::toString);
  }

  @Test
  void whatIsNoConfigurationAtAllIsSaid() {
    assertThrows(
        InvalidConfigurationException.class, () -> ConfigurationFile.parse("{".getBytes(UTF_8)));
    assertThrows(
        InvalidConfigurationException.class, () -> ConfigurationFile.parse("{}".getBytes(UTF_8)));
    assertThrows(InvalidConfigurationException.class, () -> ConfigurationFile.parse(new byte[0]));
    assertThrows(
        InvalidConfigurationException.class, () -> ConfigurationFile.read(Path.of("missing")));
  }
}
