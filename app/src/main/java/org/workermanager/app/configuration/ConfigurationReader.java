package org.workermanager.app.configuration;

import static org.workermanager.app.configuration.ExchangeFormat.MODULE;
import static org.workermanager.app.configuration.ExchangeFormat.SETTING;
import static org.workermanager.app.configuration.ExchangeFormat.SKIP_CONTENT_TYPES;
import static org.workermanager.app.configuration.ExchangeFormat.WORKER;
import static org.workermanager.app.configuration.ExchangeFormat.WORKFLOW;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/** Reads the JSON of the exchange format, collecting everything that is wrong. For one file. */
final class ConfigurationReader {

  private static final Set<String> WORKER_FIELDS =
      Set.of(
          "workerType", "contentTypeInputs", "contentTypeOutput", "keepErrors", "dispatchTimeout");
  private static final Set<String> WORKFLOW_FIELDS = Set.of("workflowType", "steps", "keepErrors");
  private static final Set<String> STEP_FIELDS = Set.of("stepNumber", "workerType");
  private static final Set<String> SETTING_FIELDS =
      Set.of(
          "name",
          "description",
          "value",
          "defaultValue",
          "className",
          "containsSensitiveParameters");

  private final Configuration current;
  private final List<String> errors = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<WorkerConfiguration> workers = new ArrayList<>();
  private final List<WorkflowConfiguration> workflows = new ArrayList<>();
  private List<String> skipContentTypes;

  /** The types of workers of which it could not be read what they take or give. */
  private final Set<String> unclearWorkers = new HashSet<>();

  /** Where workers without a type are, by the type that they were given instead. */
  private final Map<String, String> nameless = new LinkedHashMap<>();

  /** Whether there is an item that may be a worker of any type. */
  private boolean unnamedWorker;

  /** Workflows with a step whose place among the others could not be read. */
  private final Set<WorkflowConfiguration> unordered = new HashSet<>();

  /**
   * @param current what a file that is to be merged is merged into; null if that is not known
   */
  ConfigurationReader(Configuration current) {
    this.current = current;
  }

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
    ConfigurationUpdate update =
        new ConfigurationUpdate(reset, workers, workflows, skipContentTypes);
    errors.addAll(
        update.reset() || current == null
            ? brokenRules(update)
            : brokenRules(update.over(current)));
    if (!errors.isEmpty()) {
      throw new InvalidConfigurationException(errors);
    }
    return update;
  }

  /** What was read and means nothing: no error, since files of other versions may have more. */
  List<String> notes() {
    return notes;
  }

  private void noteUnknown(JsonNode object, Set<String> known, String where) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.contains(field.getKey())) {
        notes.add(
            ProtocolText.printable(where + ": unknown field '" + field.getKey() + "' is ignored"));
      }
    }
  }

  private List<String> brokenRules(ConfigurationUpdate all) {
    Set<String> configured =
        all.workers().stream().map(WorkerConfiguration::workerType).collect(Collectors.toSet());
    // of a file to be merged the other workers may be configured already
    boolean complete = all.reset() && !unnamedWorker;
    BrokenRules rules =
        new BrokenRules(
            all.workers(),
            step ->
                step.workerType() != null
                    && !unclearWorkers.contains(step.workerType())
                    && (complete || configured.contains(step.workerType())));
    rules.check(
        all.workflows(), all.skipContentTypes() == null ? List.of() : all.skipContentTypes());
    all.workflows().stream()
        .filter(workflow -> !unordered.contains(workflow))
        .forEach(rules::checkChain);
    return rules.errors().stream().map(this::sayingWhere).toList();
  }

  private String sayingWhere(String error) {
    String said = error;
    for (Map.Entry<String, String> worker : nameless.entrySet()) {
      said = said.replace("worker '" + worker.getKey() + "'", worker.getValue());
    }
    return said;
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
    noteUnknown(value, WORKER_FIELDS, who);
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
      nameless.put(name, where);
    } else if (errors.size() > before) {
      unclearWorkers.add(type);
    }
    Duration timeout = duration(value, "dispatchTimeout", who);
    workers.add(
        new WorkerConfiguration(type == null ? name : type, inputs, output, keepErrors, timeout));
  }

  /** Likewise. */
  private void workflow(JsonNode value, String where) {
    String type = text(value, "workflowType", where, true);
    String who = type == null ? where : where + ", workflow '" + type + "'";
    noteUnknown(value, WORKFLOW_FIELDS, who);
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
                + ": stepNumber must be a whole number, "
                + (number.isMissingNode() ? "and is missing" : "not " + number));
      }
      noteUnknown(step, STEP_FIELDS, at);
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
    noteUnknown(value, SETTING_FIELDS, where + ", setting '" + name + "'");
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

  private static String missing(JsonNode node) {
    return node.isMissingNode() ? ", and is missing" : "";
  }

  private String text(JsonNode object, String field, String where, boolean required) {
    JsonNode node = object.path(field);
    if (node.isTextual()) {
      return node.textValue();
    }
    if (required || !(node.isMissingNode() || node.isNull())) {
      String or = required ? "" : " or absent";
      errors.add(where + ": " + field + " must be text" + or + missing(node));
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

  private Duration duration(JsonNode object, String field, String where) {
    JsonNode node = object.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    try {
      return Duration.parse(node.isTextual() ? node.textValue() : "");
    } catch (DateTimeParseException e) {
      errors.add(
          "%s: %s must be an ISO-8601 duration such as \"PT10M\" (ten minutes), or absent, and %s is none"
              .formatted(where, field, node));
      return null;
    }
  }

  private JsonNode array(JsonNode object, String field, String where) {
    JsonNode node = object.path(field);
    if (!node.isArray()) {
      errors.add(where + ": " + field + " must be a list" + missing(node));
      return ConfigurationFile.MAPPER.createArrayNode();
    }
    return node;
  }
}
