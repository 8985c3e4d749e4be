package org.workermanager.domain.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationUpdateTest {

  private static final WorkerConfiguration A =
      new WorkerConfiguration("A", List.of("a"), "b", true);
  private static final WorkerConfiguration B =
      new WorkerConfiguration("B", List.of("b"), null, true);
  private static final WorkflowConfiguration FLOW = workflow("flow", "A");
  private static final Configuration BEFORE =
      new Configuration(List.of(A, B), List.of(FLOW, workflow("other", "B")), List.of("s"));

  private static WorkflowConfiguration workflow(String type, String workerType) {
    return new WorkflowConfiguration(type, List.of(new WorkflowStep(1, workerType)), true);
  }

  private static Configuration merged(
      List<WorkerConfiguration> workers,
      List<WorkflowConfiguration> workflows,
      List<String> skipContentTypes) {
    return new ConfigurationUpdate(false, workers, workflows, skipContentTypes).appliedTo(BEFORE);
  }

  private static List<String> errors(ConfigurationUpdate update) {
    return assertThrows(InvalidConfigurationException.class, () -> update.appliedTo(BEFORE))
        .errors();
  }

  @Test
  void anEmptyOneMergedChangesNothing() {
    assertEquals(BEFORE, merged(List.of(), List.of(), null));
  }

  @Test
  void workersAreMergedByTheirType() {
    WorkerConfiguration otherA = new WorkerConfiguration("A", List.of("a", "a2"), "b", false);
    WorkerConfiguration c = new WorkerConfiguration("C", List.of("c"), null, true);
    assertEquals(
        new Configuration(List.of(B, otherA, c), BEFORE.workflows(), BEFORE.skipContentTypes()),
        merged(List.of(otherA, c), List.of(), null));
  }

  @Test
  void workflowsAreMergedByTheirType() {
    WorkflowConfiguration otherFlow = workflow("flow", "B");
    WorkflowConfiguration more = workflow("more", "A");
    assertEquals(
        new Configuration(
            BEFORE.workers(),
            List.of(BEFORE.workflows().get(1), otherFlow, more),
            BEFORE.skipContentTypes()),
        merged(List.of(), List.of(otherFlow, more), null));
  }

  @Test
  void theSettingIsReplacedWhereTheUpdateHasIt() {
    assertEquals(List.of("s"), merged(List.of(A), List.of(), null).skipContentTypes());
    assertEquals(List.of("t"), merged(List.of(), List.of(), List.of("t")).skipContentTypes());
    assertEquals(List.of(), merged(List.of(), List.of(), List.of()).skipContentTypes());
  }

  @Test
  void aResetReplacesEverythingSettingsIncluded() {
    ConfigurationUpdate update = new ConfigurationUpdate(true, List.of(A), List.of(), null);
    assertEquals(new Configuration(List.of(A), List.of(), List.of()), update.appliedTo(BEFORE));
    assertEquals(
        Configuration.EMPTY,
        new ConfigurationUpdate(true, List.of(), List.of(), null).appliedTo(BEFORE));
  }

  @Test
  void aContentTypeMayMoveFromOneWorkerToAnotherInOneUpdate() {
    WorkerConfiguration a = new WorkerConfiguration("A", List.of("b"), "b", true);
    WorkerConfiguration b = new WorkerConfiguration("B", List.of("a"), null, true);
    assertEquals(List.of(a, b), merged(List.of(a, b), List.of(), null).workers());
  }

  @Test
  void theRulesHoldForWhatResultsOfAMerge() {
    assertEquals(
        List.of(
            "worker 'a': workerType differs from worker 'A' in case only; they would share a queue",
            "worker 'C': 'other' is already used by worker 'a'",
            "workflow 'other': 'other' is already used by worker 'a'",
            "skipContentTypes: 'a' is used by worker 'A'"),
        errors(
            new ConfigurationUpdate(
                false,
                List.of(
                    new WorkerConfiguration("a", List.of("other"), null, true),
                    new WorkerConfiguration("C", List.of("other"), null, true)),
                List.of(),
                List.of("a"))));
    // a worker that a workflow still needs
    assertEquals(
        List.of("workflow 'w': step 1: workerType 'A' is not a configured worker"),
        errors(new ConfigurationUpdate(true, List.of(B), List.of(workflow("w", "A")), null)));
  }

  @Test
  void whatTheUpdateHasTwiceIsRefused() {
    assertEquals(
        List.of("worker 'B': workerType is configured twice"),
        errors(new ConfigurationUpdate(false, List.of(B, B), List.of(), null)));
    assertEquals(
        List.of("workflow 'flow': workflowType is configured twice"),
        errors(new ConfigurationUpdate(false, List.of(), List.of(FLOW, FLOW), null)));
  }
}
