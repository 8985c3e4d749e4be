package org.workermanager.app.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/** Reads the JSON of the exchange format, collecting everything that is wrong. For one file. */
final class ConfigurationReader {

  private static final String MODULE = "workermanager";
  private static final String WORKER = "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto";
  private static final String WORKFLOW =
      "fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto";
  private static final String SETTING =
      "fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting";
  private static final String SKIP_CONTENT_TYPES = "skipContentTypes";

  private final List<String> errors = new ArrayList<>();
  private final List<WorkerConfiguration> workers = new ArrayList<>();
  private final List<WorkflowConfiguration> workflows = new ArrayList<>();

  /** The types of workers that could not be read whole; null for one without a readable type. */
  private final Set<String> unreadWorkers = new HashSet<>();

  private List<String> skipContentTypes;

  ConfigurationUpdate read(JsonNode root) {
    JsonNode module = ours(root.path("modules"));
    boolean reset = false;
    if (module != null) {
      reset = flag(module, "resetBeforeImport", false, "module '" + MODULE + "'");
      int index = 0;
      for (JsonNode item : array(module, "configuration", "module '" + MODULE + "'")) {
        item(item, "configuration[" + index++ + "]");
      }
    }
    errors.addAll(brokenRules(reset));
    if (!errors.isEmpty()) {
      throw new InvalidConfigurationException(errors);
    }
    return new ConfigurationUpdate(reset, workers, workflows, skipContentTypes);
  }

  /**
   * The rules that what could be read breaks whatever is configured already: a workflow with a
   * worker that is not known here is left for later.
   */
  private List<String> brokenRules(boolean reset) {
    Set<String> read =
        workers.stream().map(WorkerConfiguration::workerType).collect(Collectors.toSet());
    boolean allKnown = reset && !unreadWorkers.contains(null);
    Predicate<WorkflowStep> decidable =
        step ->
            read.contains(step.workerType())
                || allKnown && !unreadWorkers.contains(step.workerType());
    List<WorkflowConfiguration> checked =
        workflows.stream()
            .filter(workflow -> workflow.steps().stream().allMatch(decidable))
            .toList();
    try {
      new ConfigurationUpdate(true, workers, checked, skipContentTypes)
          .appliedTo(Configuration.EMPTY);
      return List.of();
    } catch (InvalidConfigurationException e) {
      return e.errors();
    }
  }

  /** Other modules' configurations may be in the same file: they are not for us. */
  private JsonNode ours(JsonNode modules) {
    JsonNode found = null;
    for (JsonNode module : modules) {
      if (MODULE.equals(module.path("module").path("id").textValue())) {
        if (found != null) {
          errors.add("modules: the module '" + MODULE + "' is there twice");
        }
        found = module;
      }
    }
    if (found == null) {
      errors.add("modules: there is no module with the id '" + MODULE + "'");
    }
    return found;
  }

  private void item(JsonNode item, String where) {
    JsonNode value = item.path("value");
    String key = item.path("key").asText();
    if (!value.isObject()) {
      errors.add(where + ": value must be an object");
    } else if (key.equals(WORKER)) {
      worker(value, where);
    } else if (key.equals(WORKFLOW)) {
      workflow(value, where);
    } else if (key.equals(SETTING)) {
      setting(value, where);
    } else {
      errors.add(
          where + ": key '" + key + "' is none of " + String.join(", ", WORKER, WORKFLOW, SETTING));
    }
  }

  private void worker(JsonNode value, String where) {
    int before = errors.size();
    String type = text(value, "workerType", where, true);
    String who = where + ", worker '" + type + "'";
    List<String> inputs = new ArrayList<>();
    for (JsonNode input : array(value, "contentTypeInputs", who)) {
      inputs.add(textElement(input, who + ": contentTypeInputs"));
    }
    String output = text(value, "contentTypeOutput", who, false);
    boolean keepErrors = flag(value, "keepErrors", true, who);
    if (errors.size() == before) {
      workers.add(new WorkerConfiguration(type, inputs, output, keepErrors));
    } else {
      unreadWorkers.add(type);
    }
  }

  private void workflow(JsonNode value, String where) {
    int before = errors.size();
    String type = text(value, "workflowType", where, true);
    String who = where + ", workflow '" + type + "'";
    List<WorkflowStep> steps = new ArrayList<>();
    for (JsonNode step : array(value, "steps", who)) {
      JsonNode number = step.path("stepNumber");
      if (!number.isIntegralNumber() || !number.canConvertToInt()) {
        errors.add(
            who
                + ": stepNumber must be a whole number"
                + (number.isMissingNode() ? "" : ", not " + number));
      }
      steps.add(
          new WorkflowStep(
              number.asInt(), text(step, "workerType", who + ", step " + number, true)));
    }
    boolean keepErrors = flag(value, "keepErrors", true, who);
    if (errors.size() == before) {
      workflows.add(new WorkflowConfiguration(type, steps, keepErrors));
    }
  }

  /** The list is a JSON array written as text; a plain array is taken too. */
  private void setting(JsonNode value, String where) {
    String name = text(value, "name", where, true);
    if (name == null) {
      return;
    }
    if (!SKIP_CONTENT_TYPES.equals(name)) {
      errors.add(where + ": setting '" + name + "' is not known; there is " + SKIP_CONTENT_TYPES);
      return;
    }
    JsonNode list = value.path("value");
    try {
      list = list.isTextual() ? ConfigurationFile.MAPPER.readTree(list.textValue()) : list;
    } catch (JsonProcessingException e) {
      errors.add(where + ": the value of skipContentTypes is no JSON array written as text");
      return;
    }
    if (!list.isArray()) {
      errors.add(where + ": the value of skipContentTypes must be a JSON array written as text");
      return;
    }
    if (skipContentTypes != null) {
      errors.add(where + ": the setting skipContentTypes is there twice");
      return;
    }
    skipContentTypes = new ArrayList<>();
    for (JsonNode element : list) {
      String contentType = textElement(element, where + ": skipContentTypes");
      if (contentType != null) {
        skipContentTypes.add(contentType);
      }
    }
  }

  private String text(JsonNode object, String field, String where, boolean required) {
    JsonNode node = object.path(field);
    if (node.isTextual()) {
      return node.textValue();
    }
    if (required || !(node.isMissingNode() || node.isNull())) {
      errors.add(where + ": " + field + " must be text" + (required ? "" : " or absent"));
    }
    return null;
  }

  private String textElement(JsonNode element, String where) {
    if (!element.isTextual()) {
      errors.add(where + " must be texts, and " + element + " is none");
    }
    return element.textValue();
  }

  private boolean flag(JsonNode object, String field, boolean absent, String where) {
    JsonNode node = object.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.isBoolean()) {
      errors.add(where + ": " + field + " must be true or false");
    }
    return node.asBoolean();
  }

  private JsonNode array(JsonNode object, String field, String where) {
    JsonNode node = object.path(field);
    if (!node.isArray()) {
      errors.add(where + ": " + field + " must be a list");
      return ConfigurationFile.MAPPER.createArrayNode();
    }
    return node;
  }
}
