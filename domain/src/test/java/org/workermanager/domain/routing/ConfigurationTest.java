package org.workermanager.domain.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

  private static final WorkerConfiguration A =
      new WorkerConfiguration("A", List.of("a"), "b", true);
  private static final WorkerConfiguration B =
      new WorkerConfiguration("B", List.of("b", "b2"), null, true);

  private static WorkflowConfiguration workflow(String type, Object... numbersAndTypes) {
    List<WorkflowStep> steps = new ArrayList<>();
    for (int i = 0; i < numbersAndTypes.length; i += 2) {
      steps.add(new WorkflowStep((int) numbersAndTypes[i], (String) numbersAndTypes[i + 1]));
    }
    return new WorkflowConfiguration(type, steps, true);
  }

  private static List<String> errors(
      List<WorkerConfiguration> workers, List<WorkflowConfiguration> workflows, String... skipped) {
    return assertThrows(
            InvalidConfigurationException.class,
            () -> new Configuration(workers, workflows, List.of(skipped)))
        .errors();
  }

  private static void assertOneError(String about, List<String> errors) {
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.get(0).contains(about), errors::toString);
  }

  @Test
  void whatFollowsTheRulesIsTaken() {
    new Configuration(List.of(A, B), List.of(workflow("flow", 5, "B", 0, "A")), List.of("skipped"));
  }

  @Test
  void aContentTypeTwiceInOneWorkersInputsIsOnce() {
    WorkerConfiguration worker = new WorkerConfiguration("A", List.of("a", "a"), null, true);
    new Configuration(List.of(worker), List.of(), List.of());
  }

  @Test
  void everyRuleIsChecked() {
    List<WorkflowConfiguration> none = List.of();
    assertOneError(
        "workerType must be",
        errors(List.of(new WorkerConfiguration("a b", List.of("x"), null, true)), none));
    assertOneError(
        "workerType must be",
        errors(List.of(new WorkerConfiguration(null, List.of("x"), null, true)), none));
    assertOneError(
        "workerType must be",
        errors(List.of(new WorkerConfiguration("x".repeat(129), List.of("x"), null, true)), none));
    assertOneError(
        "at least one", errors(List.of(new WorkerConfiguration("A", List.of(), null, true)), none));
    assertOneError(
        "is empty", errors(List.of(new WorkerConfiguration("A", List.of(""), null, true)), none));
    assertOneError(
        "in case only",
        errors(List.of(A, new WorkerConfiguration("a", List.of("x"), null, true)), none));
    assertOneError(
        "configured twice",
        errors(List.of(A, new WorkerConfiguration("A", List.of("x"), null, true)), none));
    assertOneError(
        "already used by worker 'A'",
        errors(List.of(A, new WorkerConfiguration("C", List.of("a"), null, true)), none));
    assertOneError(
        "already used by worker 'A'", errors(List.of(A), List.of(workflow("a", 1, "A"))));
    assertOneError("at least one step", errors(List.of(A), List.of(workflow("flow"))));
    assertOneError("0 or more", errors(List.of(A), List.of(workflow("flow", -1, "A"))));
    assertOneError(
        "not a configured worker", errors(List.of(A), List.of(workflow("flow", 1, "Z"))));
    assertOneError(
        "does not accept 'b'", errors(List.of(A), List.of(workflow("flow", 1, "A", 2, "A"))));
    assertOneError(
        "has 256 characters", errors(List.of(A), List.of(workflow("f".repeat(256), 1, "A"))));
    assertOneError("used by worker 'A'", errors(List.of(A), none, "a"));
    assertOneError(
        "used by workflow 'flow'", errors(List.of(A), List.of(workflow("flow", 1, "A")), "flow"));
  }

  @Test
  void aStepBeforeAnotherNeedsAnOutput() {
    assertOneError(
        "does not accept 'null'", errors(List.of(A, B), List.of(workflow("flow", 1, "B", 2, "A"))));
  }

  @Test
  void everyErrorIsReportedTogether() {
    List<String> errors =
        errors(
            List.of(new WorkerConfiguration("", List.of(), null, true), A),
            List.of(workflow("flow", 1, "A", 1, "Z")),
            "a");
    assertEquals(5, errors.size(), errors::toString);
  }

  @Test
  void anUpdateMergesByName() {
    Configuration before =
        new Configuration(List.of(A, B), List.of(workflow("flow", 1, "A")), List.of("s"));
    WorkerConfiguration otherB = new WorkerConfiguration("B", List.of("b"), null, false);
    Configuration merged =
        new ConfigurationUpdate(false, List.of(otherB), List.of(workflow("more", 1, "B")), null)
            .appliedTo(before);
    assertEquals(List.of(A, otherB), merged.workers());
    assertEquals(
        List.of("flow", "more"),
        merged.workflows().stream().map(WorkflowConfiguration::workflowType).toList());
    assertEquals(List.of("s"), merged.skipContentTypes());
    assertEquals(
        new Configuration(List.of(A), List.of(), List.of()),
        new ConfigurationUpdate(true, List.of(A), List.of(), null).appliedTo(before));
    ConfigurationUpdate twice = new ConfigurationUpdate(false, List.of(B, B), List.of(), List.of());
    assertThrows(InvalidConfigurationException.class, () -> twice.appliedTo(Configuration.EMPTY));
  }
}
