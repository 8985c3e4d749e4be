package org.workermanager.app.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/**
 * Writes a tenant's configuration in the exchange format (PROTOCOL section 9), for {@link
 * ConfigurationFile} to read.
 *
 * <p>The file says {@code resetBeforeImport: true}: whatever is configured where it is imported,
 * for this tenant or another, what is configured afterwards equals what was exported. Merged
 * instead, it would leave there what the exported configuration does not have.
 */
public final class ConfigurationWriter {

  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

  /** The same bytes for the same configuration, on every platform. */
  private static final ObjectWriter PRETTY =
      ConfigurationFile.MAPPER.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(INDENT)
              .withArrayIndenter(INDENT));

  private ConfigurationWriter() {}

  /** The file's bytes: JSON in UTF-8, indented for people to read, with a newline at its end. */
  public static byte[] write(Configuration configuration) {
    ObjectNode file = object().put("microservice", ExchangeFormat.MICROSERVICE);
    ObjectNode module = file.putArray("modules").addObject();
    module.putObject("module").put("id", ExchangeFormat.MODULE);
    module.put("resetBeforeImport", true);
    ArrayNode items = module.putArray("configuration");
    configuration.workers().forEach(worker -> add(items, ExchangeFormat.WORKER, value(worker)));
    configuration
        .workflows()
        .forEach(workflow -> add(items, ExchangeFormat.WORKFLOW, value(workflow)));
    add(items, ExchangeFormat.SETTING, skipContentTypes(configuration.skipContentTypes()));
    try {
      return (PRETTY.writeValueAsString(file) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON can be written", e);
    }
  }

  private static ObjectNode object() {
    return ConfigurationFile.MAPPER.createObjectNode();
  }

  private static void add(ArrayNode items, String key, ObjectNode value) {
    items.addObject().put("key", key).set("value", value);
  }

  private static ObjectNode value(WorkerConfiguration worker) {
    ObjectNode value = object().put("workerType", worker.workerType());
    worker.contentTypeInputs().forEach(value.putArray("contentTypeInputs")::add);
    if (worker.contentTypeOutput() != null) {
      value.put("contentTypeOutput", worker.contentTypeOutput());
    }
    value.put("keepErrors", worker.keepErrors());
    // the existing system does not know this one
    if (worker.dispatchTimeout() != null) {
      value.put("dispatchTimeout", worker.dispatchTimeout().toString());
    }
    return value;
  }

  private static ObjectNode value(WorkflowConfiguration workflow) {
    ObjectNode value = object().put("workflowType", workflow.workflowType());
    ArrayNode steps = value.putArray("steps");
    for (WorkflowStep step : workflow.steps()) {
      steps.addObject().put("stepNumber", step.stepNumber()).put("workerType", step.workerType());
    }
    return value.put("keepErrors", workflow.keepErrors());
  }

  private static ObjectNode skipContentTypes(List<String> contentTypes) {
    ArrayNode list = ConfigurationFile.MAPPER.createArrayNode();
    contentTypes.forEach(list::add);
    return object()
        .put("name", ExchangeFormat.SKIP_CONTENT_TYPES)
        .put("description", ExchangeFormat.SKIP_CONTENT_TYPES_DESCRIPTION)
        .put("value", list.toString())
        .put("defaultValue", "[]")
        .put("className", "java.util.ArrayList")
        .put("containsSensitiveParameters", false);
  }
}
