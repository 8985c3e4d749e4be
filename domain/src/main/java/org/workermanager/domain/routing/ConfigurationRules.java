package org.workermanager.domain.routing;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.workermanager.domain.protocol.ProtocolText;

/** The rules of PROTOCOL section 9, collecting everything that is wrong. */
final class ConfigurationRules {

  private static final Pattern WORKER_TYPE = Pattern.compile("[a-zA-Z0-9\\-_.]{1,128}");
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

  private final List<String> errors = new ArrayList<>();

  /** Who uses a content type or workflow type first, by that type. */
  private final Map<String, String> users = new HashMap<>();

  private ConfigurationRules() {}

  static List<String> broken(
      List<WorkerConfiguration> workers,
      List<WorkflowConfiguration> workflows,
      List<String> skipContentTypes) {
    ConfigurationRules rules = new ConfigurationRules();
    rules.checkWorkers(workers);
    rules.checkWorkflows(workflows, workers);
    rules.checkSkipped(skipContentTypes);
    return List.copyOf(rules.errors);
  }

  static boolean isWorkerType(String name) {
    return name != null && WORKER_TYPE.matcher(name).matches();
  }

  private void checkWorkers(List<WorkerConfiguration> workers) {
    Map<String, String> byQueue = new HashMap<>();
    for (WorkerConfiguration worker : workers) {
      String who = "worker '" + worker.workerType() + "'";
      if (!isWorkerType(worker.workerType())) {
        errors.add(
            who + ": workerType must be 1 to 128 characters of a-z, A-Z, 0-9, '-', '_' and '.'");
      }
      if (worker.workerType() != null) {
        String same =
            byQueue.putIfAbsent(worker.workerType().toLowerCase(Locale.ROOT), worker.workerType());
        if (worker.workerType().equals(same)) {
          errors.add(who + ": workerType is configured twice");
        } else if (same != null) {
          errors.add(
              who
                  + ": workerType differs from worker '"
                  + same
                  + "' in case only; they would share a queue");
        }
      }
      if (worker.contentTypeInputs().isEmpty()) {
        errors.add(who + ": contentTypeInputs must name at least one content type");
      }
      // twice in one worker's own is once
      for (String contentType : new LinkedHashSet<>(worker.contentTypeInputs())) {
        checkListed(who + ": contentTypeInputs", contentType);
        use(contentType, who);
      }
      if (worker.contentTypeOutput() != null) {
        checkContentType(who + ": contentTypeOutput", worker.contentTypeOutput());
      }
      if (worker.dispatchTimeout() != null) {
        checkTimeout(who + ": dispatchTimeout", worker.dispatchTimeout());
      }
    }
  }

  private void checkTimeout(String where, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      errors.add(
          "%s must be more than nothing and at most %d days, and %s is not"
              .formatted(where, LONGEST_TIMEOUT.toDays(), timeout));
    }
  }

  private void checkWorkflows(
      List<WorkflowConfiguration> workflows, List<WorkerConfiguration> workers) {
    Map<String, WorkerConfiguration> byType =
        workers.stream()
            .filter(worker -> worker.workerType() != null)
            .collect(
                toMap(WorkerConfiguration::workerType, worker -> worker, (first, second) -> first));
    Set<String> types = new HashSet<>();
    for (WorkflowConfiguration workflow : workflows) {
      String who = "workflow '" + workflow.workflowType() + "'";
      checkContentType(who + ": workflowType", workflow.workflowType());
      use(workflow.workflowType(), who);
      if (!types.add(workflow.workflowType())) {
        errors.add(who + ": workflowType is configured twice");
      }
      if (workflow.steps().isEmpty()) {
        errors.add(who + ": steps must have at least one step");
      }
      checkSteps(who, workflow, byType);
    }
  }

  private void checkSteps(
      String who, WorkflowConfiguration workflow, Map<String, WorkerConfiguration> workers) {
    Set<Integer> numbers = new HashSet<>();
    WorkerConfiguration previous = null;
    for (WorkflowStep step : workflow.orderedSteps()) {
      String at = who + ": step " + step.stepNumber();
      if (step.stepNumber() < 0) {
        errors.add(at + ": stepNumber must be 0 or more");
      }
      if (!numbers.add(step.stepNumber())) {
        errors.add(at + ": stepNumber is used twice");
      }
      WorkerConfiguration worker = workers.get(step.workerType());
      if (worker == null) {
        errors.add(at + ": workerType '" + step.workerType() + "' is not a configured worker");
      } else if (previous != null) {
        checkFollows(at, worker, previous);
      }
      previous = worker;
    }
  }

  private void checkFollows(String at, WorkerConfiguration worker, WorkerConfiguration previous) {
    String given = previous.contentTypeOutput();
    if (given == null) {
      errors.add(
          "%s: worker '%s' before it has no contentTypeOutput for worker '%s' to accept"
              .formatted(at, previous.workerType(), worker.workerType()));
    } else if (!worker.contentTypeInputs().contains(given)) {
      errors.add(
          "%s: worker '%s' does not accept '%s', the contentTypeOutput of worker '%s' before it"
              .formatted(at, worker.workerType(), given, previous.workerType()));
    }
  }

  private void checkSkipped(List<String> skipContentTypes) {
    for (String contentType : skipContentTypes) {
      checkListed("skipContentTypes", contentType);
      String user = users.get(contentType);
      if (user != null) {
        errors.add("skipContentTypes: '" + contentType + "' is used by " + user);
      }
    }
  }

  private void use(String type, String who) {
    String other = users.putIfAbsent(type, who);
    // who is there twice is told that
    if (other != null && !other.equals(who)) {
      errors.add(who + ": '" + type + "' is already used by " + other);
    }
  }

  private void checkListed(String where, String contentType) {
    checkContentType(where + ": content type '" + contentType + "'", contentType);
  }

  /**
   * A content type travels in a header and is kept with each request: the limits of PROTOCOL
   * section 2 hold.
   */
  private void checkContentType(String where, String contentType) {
    String fault =
        contentType == null || contentType.isEmpty() ? "is empty" : ProtocolText.fault(contentType);
    if (fault != null) {
      errors.add(where + " " + fault);
    }
  }
}
