package org.workermanager.domain.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers, from one tenant's configuration, where a request goes next. Immutable; every answer
 * takes the same short time however much is configured.
 */
public final class Routing {

  /** Nothing is configured. */
  public static final Routing NOTHING = new Routing(Configuration.EMPTY);

  private record Workflow(NavigableMap<Integer, String> workerTypes, boolean keepErrors) {}

  private final Map<String, WorkerConfiguration> workersByContentType = new HashMap<>();
  private final Map<String, Workflow> workflows;
  private final Set<String> skipped;

  public Routing(Configuration configuration) {
    for (WorkerConfiguration worker : configuration.workers()) {
      worker
          .contentTypeInputs()
          .forEach(contentType -> workersByContentType.put(contentType, worker));
    }
    workflows =
        configuration.workflows().stream()
            .collect(Collectors.toMap(WorkflowConfiguration::workflowType, Routing::workflow));
    skipped = Set.copyOf(configuration.skipContentTypes());
  }

  private static Workflow workflow(WorkflowConfiguration configuration) {
    NavigableMap<Integer, String> workerTypes = new TreeMap<>();
    configuration.steps().forEach(step -> workerTypes.put(step.stepNumber(), step.workerType()));
    return new Workflow(workerTypes, configuration.keepErrors());
  }

  /** Where a request of this content type goes that stands at this position. */
  public Route from(String contentType, Position position) {
    return switch (position.kind()) {
      case START -> start(contentType);
      case AT_STEP -> step(contentType, position.step());
      case AFTER_STEP -> after(contentType, position.step());
    };
  }

  /**
   * Where a request of this content type goes when what it was dispatched for at this position is
   * done.
   */
  public Route next(String contentType, Position done) {
    return done.kind() == Position.Kind.START
        ? new Route.Complete()
        : after(contentType, done.step());
  }

  /** Whether a request that fails is still held afterwards. */
  public boolean keepsErrors(String contentType) {
    WorkerConfiguration worker = workersByContentType.get(contentType);
    Workflow workflow = workflows.get(contentType);
    return worker != null ? worker.keepErrors() : workflow == null || workflow.keepErrors();
  }

  /** Every place at which requests wait that are known to go to this worker type next. */
  public List<WaitingPlace> placesBefore(String workerType, String tenant) {
    List<WaitingPlace> places = new ArrayList<>();
    workersByContentType.forEach(
        (contentType, worker) -> {
          if (worker.workerType().equals(workerType)) {
            places.add(new WaitingPlace(tenant, contentType, Position.START.code()));
          }
        });
    workflows.forEach(
        (type, workflow) -> {
          if (workflow.workerTypes().containsValue(workerType)) {
            codesBefore(workerType, workflow)
                .forEach(code -> places.add(new WaitingPlace(tenant, type, code)));
          }
        });
    return places;
  }

  /** Every place at which requests stand between two steps of a workflow that is configured. */
  public List<WaitingPlace> placesBetweenSteps(String tenant) {
    return workflows.keySet().stream()
        .map(type -> new WaitingPlace(tenant, type, Position.AFTER_ANY_STEP))
        .toList();
  }

  private static Set<Integer> codesBefore(String workerType, Workflow workflow) {
    Set<Integer> codes = new HashSet<>();
    int first = workflow.workerTypes().firstKey();
    workflow
        .workerTypes()
        .forEach(
            (step, type) -> {
              if (type.equals(workerType)) {
                codes.add(Position.at(step).code());
                if (step == first) {
                  codes.add(Position.START.code());
                }
              }
            });
    return codes;
  }

  private Route start(String contentType) {
    WorkerConfiguration worker = workersByContentType.get(contentType);
    if (worker != null) {
      return new Route.ToWorker(Position.START, worker.workerType());
    }
    Workflow workflow = workflows.get(contentType);
    if (workflow != null) {
      return toStep(workflow.workerTypes().firstEntry());
    }
    return skipped.contains(contentType)
        ? new Route.Skipped()
        : new Route.Unroutable(
            "No worker and no workflow is configured for content type '" + contentType + "'.");
  }

  private Route step(String workflowType, int step) {
    return inWorkflow(
        workflowType,
        workflow ->
            workflow.workerTypes().containsKey(step)
                ? new Route.ToWorker(Position.at(step), workflow.workerTypes().get(step))
                : new Route.Unroutable(
                    "Workflow '" + workflowType + "' has no step " + step + " any more."));
  }

  private Route after(String workflowType, int step) {
    return inWorkflow(
        workflowType,
        workflow -> {
          Map.Entry<Integer, String> next = workflow.workerTypes().higherEntry(step);
          return next == null ? new Route.Complete() : toStep(next);
        });
  }

  private Route inWorkflow(String workflowType, Function<Workflow, Route> route) {
    Workflow workflow = workflows.get(workflowType);
    return workflow == null
        ? new Route.Unroutable("Workflow '" + workflowType + "' is not configured any more.")
        : route.apply(workflow);
  }

  private static Route toStep(Map.Entry<Integer, String> step) {
    return new Route.ToWorker(Position.at(step.getKey()), step.getValue());
  }
}
