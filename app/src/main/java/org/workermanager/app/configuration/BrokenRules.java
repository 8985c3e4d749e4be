package org.workermanager.app.configuration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/**
 * Finds the rules that what could be read of a file breaks, however the rest of it will read. What
 * depends on the rest is not decided, so that nobody is told of an error that is none.
 */
final class BrokenRules {

  /** In place of the worker of each step: it can follow itself. */
  private static final WorkerConfiguration ANY =
      new WorkerConfiguration(
          "worker-manager.any", List.of("worker-manager.any"), "worker-manager.any", true);

  private final List<WorkerConfiguration> workers;
  private final Predicate<WorkflowStep> decidable;

  /** Without repetitions: the same things are checked in several ways. */
  private final Set<String> errors = new LinkedHashSet<>();

  /**
   * @param workers what could not be read of them being such that it breaks no rule
   * @param decidable whether all is known about the worker of a step, be it that there is none
   */
  BrokenRules(List<WorkerConfiguration> workers, Predicate<WorkflowStep> decidable) {
    this.workers = workers;
    this.decidable = decidable;
  }

  /** Everything but how a workflow's workers fit together. */
  void check(List<WorkflowConfiguration> workflows, List<String> skipContentTypes) {
    add(
        Stream.concat(workers.stream(), Stream.of(ANY)).toList(),
        workflows.stream().map(BrokenRules::withAnyWorkers).toList(),
        skipContentTypes);
  }

  private static WorkflowConfiguration withAnyWorkers(WorkflowConfiguration workflow) {
    return with(
        workflow,
        workflow.steps().stream()
            .map(step -> new WorkflowStep(step.stepNumber(), ANY.workerType()))
            .toList());
  }

  /** How the workers of neighbouring steps fit together. */
  void checkChain(WorkflowConfiguration workflow) {
    List<WorkflowStep> neighbours = new ArrayList<>();
    for (WorkflowStep step : workflow.orderedSteps()) {
      if (decidable.test(step)) {
        neighbours.add(step);
      } else {
        checkNeighbours(workflow, neighbours);
        neighbours.clear();
      }
    }
    checkNeighbours(workflow, neighbours);
  }

  private void checkNeighbours(WorkflowConfiguration workflow, List<WorkflowStep> steps) {
    if (!steps.isEmpty()) {
      add(workers, List.of(with(workflow, steps)), List.of());
    }
  }

  private static WorkflowConfiguration with(
      WorkflowConfiguration workflow, List<WorkflowStep> steps) {
    return new WorkflowConfiguration(workflow.workflowType(), steps, workflow.keepErrors());
  }

  private void add(
      List<WorkerConfiguration> someWorkers,
      List<WorkflowConfiguration> workflows,
      List<String> skipContentTypes) {
    try {
      new Configuration(someWorkers, workflows, skipContentTypes);
    } catch (InvalidConfigurationException e) {
      errors.addAll(e.errors());
    }
  }

  List<String> errors() {
    return List.copyOf(errors);
  }
}
