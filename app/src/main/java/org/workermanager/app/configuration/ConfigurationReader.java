package org.workermanager.app.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
  private List<String> skipContentTypes;

  /** The types of workers of which it could not be read what they take or give. */
  private final Set<String> unclearWorkers = new HashSet<>();

  /** Whether there is an item that may be a worker of any type. */
  private boolean unnamedWorker;

  /** Workflows with a step whose place among the others could not be read. */
  private final Set<WorkflowConfiguration> unordered = new HashSet<>();

  ConfigurationUpdate read(JsonNode root) {
    JsonNode module = ours(root);
    boolean reset = false;
    if (module != null) {
      reset = flag(module, "resetBeforeImport", false, "module '" + MODULE + "'");
      int index = 0;
      for (JsonNode item : array(module, "configuration", "module '" + MODULE + "'")) {
        item(item, index++);
      }
    }
    errors.addAll(brokenRules(reset));
    if (!errors.isEmpty()) {
      throw new InvalidConfigurationException(errors);
    }
    return new ConfigurationUpdate(reset, workers, workflows, skipContentTypes);
  }

  private List<String> brokenRules(boolean reset) {
    Set<String> configured =
        workers.stream().map(WorkerConfiguration::workerType).collect(Collectors.toSet());
    // of a file to be merged the other workers may be configured already
    boolean complete = reset && !unnamedWorker;
    BrokenRules rules =
        new BrokenRules(
            workers,
            step ->
                step.workerType() != null
                    && !unclearWorkers.contains(step.workerType())
                    && (complete || configured.contains(step.workerType())));
    rules.check(workflows, skipContentTypes == null ? List.of() : skipContentTypes);
    workflows.stream().filter(workflow -> !unordered.contains(workflow)).forEach(rules::checkChain);
    return rules.errors();
  }

  /** Other modules' configurations may be in the same file: they are not for us. */
  private JsonNode ours(JsonNode root) {
    if (!root.isObject()) {
      errors.add(
          root.isMissingNode()
              ? "The file is empty."
              : "The file must hold a JSON object, and its first character be {.");
      return null;
    }
    JsonNode found = null;
    int before = errors.size();
    for (JsonNode module : array(root, "modules", "file")) {
      if (MODULE.equals(module.path("module").path("id").textValue())) {
        if (found != null) {
          errors.add("modules: the module '" + MODULE + "' is there twice");
        }
        found = module;
      }
    }
    if (found == null && errors.size() == before) {
      errors.add("modules: there is no module with the id '" + MODULE + "'");
    }
    return found;
  }

  private void item(JsonNode item, int index) {
    String where = "configuration[" + index + "]";
    JsonNode value = item.path("value");
    String key = item.path("key").asText();
    if (!value.isObject()) {
      errors.add(where + ": value must be an object");
      unnamedWorker = true;
    } else if (key.equals(WORKER)) {
      worker(value, where, "configuration." + index);
    } else if (key.equals(WORKFLOW)) {
      workflow(value, where);
    } else if (key.equals(SETTING)) {
      setting(value, where);
    } else {
      errors.add(
          where + ": key '" + key + "' is none of " + String.join(", ", WORKER, WORKFLOW, SETTING));
      unnamedWorker = true;
    }
  }

  /**
   * What cannot be read is replaced by what breaks no rule, so that the rest can be checked.
   *
   * @param name for a worker without one
   */
  private void worker(JsonNode value, String where, String name) {
    String type = text(value, "workerType", where, true);
    String who = type == null ? where : where + ", worker '" + type + "'";
    boolean keepErrors = flag(value, "keepErrors", true, who);
    int before = errors.size();
    List<String> inputs =
        texts(array(value, "contentTypeInputs", who), who + ": contentTypeInputs");
    if (inputs.isEmpty() && errors.size() > before) {
      inputs.add(where);
    }
    String output = text(value, "contentTypeOutput", who, false);
    if (type == null) {
      unnamedWorker = true;
    } else if (errors.size() > before) {
      unclearWorkers.add(type);
    }
    workers.add(new WorkerConfiguration(type == null ? name : type, inputs, output, keepErrors));
  }

  /** Likewise. */
  private void workflow(JsonNode value, String where) {
    String type = text(value, "workflowType", where, true);
    String who = type == null ? where : where + ", workflow '" + type + "'";
    boolean keepErrors = flag(value, "keepErrors", true, who);
    int before = errors.size();
    boolean ordered = true;
    List<WorkflowStep> steps = new ArrayList<>();
    int index = 0;
    for (JsonNode step : array(value, "steps", who)) {
      JsonNode number = step.path("stepNumber");
      boolean numbered = number.isIntegralNumber() && number.canConvertToInt();
      String at = who + (numbered ? ", step " + number : ", steps[" + index + "]");
      if (!numbered) {
        errors.add(
            at
                + ": stepNumber must be a whole number"
                + (number.isMissingNode() ? "" : ", not " + number));
      }
      String workerType = text(step, "workerType", at, true);
      if (numbered) {
        steps.add(new WorkflowStep(number.intValue(), workerType));
      }
      ordered &= numbered;
      index++;
    }
    if (steps.isEmpty() && errors.size() > before) {
      steps.add(new WorkflowStep(0, null));
    }
    WorkflowConfiguration workflow =
        new WorkflowConfiguration(type == null ? where : type, steps, keepErrors);
    workflows.add(workflow);
    if (!ordered) {
      unordered.add(workflow);
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
    skipContentTypes = texts(list, where + ": skipContentTypes");
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

  /** Those of the list that are texts. */
  private List<String> texts(JsonNode list, String where) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : list) {
      if (element.isTextual()) {
        texts.add(element.textValue());
      } else {
        errors.add(where + " must be texts, and " + element + " is none");
      }
    }
    return texts;
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
