package org.workermanager.domain.simulation;

import java.time.Duration;
import java.util.List;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/**
 * The configurations that tenants have in histories: one to begin with, and what may become of it.
 */
final class Setups {

  /** Every worker type there is in any of them. */
  static final List<String> WORKER_TYPES = List.of("A", "B", "C", "A2");

  /** What one of them is called in one of them only. */
  static final String RENAMED = "A2";

  static final String SKIPPED = "skipped";
  static final String UNKNOWN = "unknown";

  private static final WorkerConfiguration A = worker("A", "a", "b", true, null);
  private static final WorkerConfiguration B = worker("B", "b", "c", true, null);
  private static final WorkerConfiguration C = worker("C", "c", null, true, null);

  private static final WorkflowConfiguration TWO_STEPS = flow("two", true, "A", "B");
  private static final WorkflowConfiguration THREE_STEPS = flow("three", true, "A", "B", "C");

  static final Configuration USUAL = of(List.of(A, B, C), List.of(TWO_STEPS, THREE_STEPS));

  /** What is sent to a worker type that falls silent waits again after a while. */
  static final Configuration TIMED =
      of(
          List.of(
              worker("A", "a", "b", true, Duration.ofSeconds(20)),
              worker("B", "b", "c", true, Duration.ofSeconds(60)),
              worker("C", "c", null, true, Duration.ofSeconds(5))),
          List.of(TWO_STEPS, THREE_STEPS));

  static final List<Configuration> OTHERS =
      List.of(
          Configuration.EMPTY,
          // errors are not kept
          of(
              List.of(worker("A", "a", "b", false, null), B, worker("C", "c", null, false, null)),
              List.of(flow("two", false, "A", "B"), THREE_STEPS)),
          TIMED,
          // a worker type is renamed
          of(
              List.of(worker(RENAMED, "a", "b", true, null), B, C),
              List.of(flow("two", true, RENAMED, "B"), flow("three", true, RENAMED, "B", "C"))),
          // workflows lose steps, or are gone
          of(List.of(A, B, C), List.of(flow("two", true, "A"), flow("three", true, "A", "B"))),
          of(List.of(A, B, C), List.of(THREE_STEPS)),
          of(List.of(A, B, C), List.of()),
          // a content type gains a worker, another loses it
          of(
              List.of(worker("A", UNKNOWN, "b", true, null), B, C),
              List.of(flow("two", true, "B", "C"))),
          // what was taken is skipped now
          new Configuration(List.of(B, C), List.of(), List.of("a", "two")));

  /** What requesters ask for. */
  static final List<String> CONTENT_TYPES =
      List.of("a", "a", "b", "c", "two", "two", "three", "three", UNKNOWN, SKIPPED);

  private Setups() {}

  private static Configuration of(
      List<WorkerConfiguration> workers, List<WorkflowConfiguration> workflows) {
    return new Configuration(workers, workflows, List.of(SKIPPED));
  }

  private static WorkerConfiguration worker(
      String type, String input, String output, boolean keepErrors, Duration timeout) {
    return new WorkerConfiguration(type, List.of(input), output, keepErrors, timeout);
  }

  private static WorkflowConfiguration flow(String type, boolean keepErrors, String... workers) {
    List<WorkflowStep> steps = new java.util.ArrayList<>();
    for (String worker : workers) {
      // numbers that stay with the worker when others come and go
      steps.add(new WorkflowStep(worker.charAt(0), worker));
    }
    return new WorkflowConfiguration(type, steps, keepErrors);
  }
}
