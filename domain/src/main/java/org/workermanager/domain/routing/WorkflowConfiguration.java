package org.workermanager.domain.routing;

import java.util.Comparator;
import java.util.List;

/**
 * A workflow as configured for a tenant (PROTOCOL section 9): its type is a content type. Unchecked
 * by itself: see {@link Configuration}.
 *
 * @param steps in any order
 * @param keepErrors whether failed requests stay held, to be looked at and retried
 */
public record WorkflowConfiguration(
    String workflowType, List<WorkflowStep> steps, boolean keepErrors) {

  public WorkflowConfiguration {
    steps = List.copyOf(steps);
  }

  /** The steps in the order in which they are done. */
  public List<WorkflowStep> orderedSteps() {
    return steps.stream().sorted(Comparator.comparingInt(WorkflowStep::stepNumber)).toList();
  }
}
