package org.workermanager.domain.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every rule of PROTOCOL section 9, by itself and at its edges, and what is said of a breach. */
class ConfigurationTest {

  private static final List<WorkflowConfiguration> NO_WORKFLOWS = List.of();
  private static final WorkerConfiguration A = worker("A", "b", "a");
  private static final WorkerConfiguration B = worker("B", null, "b", "b2");

  private static WorkerConfiguration worker(String type, String output, String... inputs) {
    return new WorkerConfiguration(type, List.of(inputs), output, true);
  }

  private static WorkflowConfiguration workflow(String type, Object... numbersAndTypes) {
    List<WorkflowStep> steps = new ArrayList<>();
    for (int i = 0; i < numbersAndTypes.length; i += 2) {
      steps.add(new WorkflowStep((int) numbersAndTypes[i], (String) numbersAndTypes[i + 1]));
    }
    return new WorkflowConfiguration(type, steps, true);
  }

  private static void assertTaken(
      List<WorkerConfiguration> workers, List<WorkflowConfiguration> workflows, String... skipped) {
    Configuration taken = new Configuration(workers, workflows, List.of(skipped));
    assertEquals(workers, taken.workers());
    assertEquals(workflows, taken.workflows());
    assertEquals(List.of(skipped), taken.skipContentTypes());
  }

  private static List<String> errors(
      List<WorkerConfiguration> workers, List<WorkflowConfiguration> workflows, String... skipped) {
    return assertThrows(
            InvalidConfigurationException.class,
            () -> new Configuration(workers, workflows, Arrays.asList(skipped)))
        .errors();
  }

  /** One error and no other. */
  private static void assertRefused(
      String error,
      List<WorkerConfiguration> workers,
      List<WorkflowConfiguration> workflows,
      String... skipped) {
    assertEquals(List.of(error), errors(workers, workflows, skipped));
  }

  private static void assertRefused(String error, WorkerConfiguration... workers) {
    assertRefused(error, List.of(workers), NO_WORKFLOWS);
  }

  /** Among the workers A and B. */
  private static void assertRefused(String error, WorkflowConfiguration... workflows) {
    assertRefused(error, List.of(A, B), List.of(workflows));
  }

  @Test
  void whatFollowsTheRulesIsTaken() {
    assertTaken(List.of(A, B), List.of(workflow("flow", 5, "B", 0, "A")), "skipped", "b3");
    assertTaken(List.of(), NO_WORKFLOWS);
    assertTaken(List.of(), NO_WORKFLOWS, "skipped");
  }

  @Test
  void aWorkerTypeIsOneTo128OfSomeCharacters() {
    String most = "aZ09-_.".repeat(18) + "xy";
    assertEquals(128, most.length());
    assertTaken(List.of(worker(most, null, "a"), worker("b", null, "b")), NO_WORKFLOWS);
    for (String refused :
        Arrays.asList(null, "", most + "z", "a b", " a", "a\n", "a/b", "a#", "é", "a\u0000")) {
      assertRefused(
          "worker '%s': workerType must be 1 to 128 characters of a-z, A-Z, 0-9, '-', '_' and '.'"
              .formatted(refused)
              .replace("\n", "\\u000a")
              .replace("\u0000", "\\u0000"),
          worker(refused, null, "a"));
    }
  }

  @Test
  void aWorkerTypeIsConfiguredOnce() {
    assertRefused("worker 'A': workerType is configured twice", A, worker("A", null, "x"));
    assertRefused("worker 'A': workerType is configured twice", A, A);
  }

  @Test
  void twoWorkerTypesDifferInMoreThanCase() {
    assertRefused(
        "worker 'uPPER': workerType differs from worker 'Upper' in case only; they would share a queue",
        worker("Upper", null, "a"),
        worker("uPPER", null, "b"));
    // alike to people, and still two queues
    assertTaken(List.of(worker("I-l", null, "a"), worker("l-I", null, "b")), NO_WORKFLOWS);
  }

  @Test
  void aWorkerTakesOneContentTypeOrMore() {
    assertRefused(
        "worker 'A': contentTypeInputs must name at least one content type", worker("A", "b"));
  }

  @Test
  void aContentTypeTwiceInOneWorkersInputsIsOnce() {
    assertTaken(List.of(worker("A", null, "a", "a")), NO_WORKFLOWS);
    assertRefused(
        "worker 'A': contentTypeInputs: content type '' is empty", worker("A", null, "", ""));
  }

  @Test
  void aContentTypeGoesToOneWorkerOnly() {
    assertRefused("worker 'C': 'b2' is already used by worker 'B'", A, B, worker("C", null, "b2"));
    // these are others
    assertTaken(List.of(A, worker("C", null, "A"), worker("D", null, "a ")), NO_WORKFLOWS);
  }

  @Test
  void severalWorkersMayGiveTheSameContentTypeAndOneItsOwnInput() {
    assertTaken(List.of(A, worker("C", "b", "c"), worker("D", "d", "d")), NO_WORKFLOWS);
  }

  @Test
  void aWorkflowTypeIsNoContentTypeOfAWorker() {
    assertRefused(
        "workflow 'b2': 'b2' is already used by worker 'B'", workflow("b2", 1, "A", 2, "B"));
    // what a worker gives is not what it takes
    assertTaken(
        List.of(A, worker("C", "c2", "c")), List.of(workflow("b", 1, "A"), workflow("c2", 1, "C")));
  }

  @Test
  void aWorkflowTypeIsConfiguredOnce() {
    assertRefused(
        "workflow 'flow': workflowType is configured twice",
        workflow("flow", 1, "A"),
        workflow("flow", 1, "B"));
  }

  @Test
  void whatIsSkippedIsUsedByNobody() {
    assertRefused(
        "skipContentTypes: 'a' is used by worker 'A'", List.of(A), NO_WORKFLOWS, "x", "a");
    assertRefused(
        "skipContentTypes: 'flow' is used by workflow 'flow'",
        List.of(A),
        List.of(workflow("flow", 1, "A")),
        "flow");
    assertTaken(List.of(A), NO_WORKFLOWS, "b", "x", "x");
  }

  @Test
  void aContentTypeHasOneTo255Characters() {
    for (String taken : List.of("x", " ", "é\"\\\n\t'", "\uD83D\uDE00", "x".repeat(255))) {
      assertTaken(List.of(worker("A", null, taken)), NO_WORKFLOWS);
      assertTaken(List.of(worker("A", taken, "a")), NO_WORKFLOWS);
      assertTaken(List.of(A), List.of(workflow(taken, 1, "A")));
      assertTaken(List.of(A), NO_WORKFLOWS, taken);
    }
    assertContentTypeRefused("", "is empty");
    assertContentTypeRefused("x".repeat(256), "has 256 characters, more than 255");
    assertContentTypeRefused("a\u0000b", "contains U+0000 or half a surrogate pair");
    assertContentTypeRefused("\uD83D", "contains U+0000 or half a surrogate pair");
  }

  private static void assertContentTypeRefused(String type, String why) {
    String name = type.replace("\u0000", "\\u0000").replace("\uD83D", "\\ud83d");
    assertRefused(
        "worker 'A': contentTypeInputs: content type '" + name + "' " + why,
        worker("A", null, "a", type));
    assertRefused("worker 'A': contentTypeOutput " + why, worker("A", type, "a"));
    assertRefused("workflow '" + name + "': workflowType " + why, workflow(type, 1, "A"));
    assertRefused(
        "skipContentTypes: content type '" + name + "' " + why, List.of(A), NO_WORKFLOWS, type);
  }

  @Test
  void aWorkflowHasOneStepOrMore() {
    assertRefused("workflow 'flow': steps must have at least one step", workflow("flow"));
  }

  @Test
  void aStepNumberIsZeroOrMore() {
    assertTaken(
        List.of(A, B), List.of(workflow("flow", Integer.MAX_VALUE, "B", 0, "A"))); // gaps allowed
    assertRefused(
        "workflow 'flow': step -1: stepNumber must be 0 or more",
        workflow("flow", -1, "A", 0, "B"));
  }

  @Test
  void aStepNumberIsUsedOnce() {
    assertRefused(
        "workflow 'flow': step 7: stepNumber is used twice", workflow("flow", 7, "A", 7, "B"));
    assertTaken(List.of(A), List.of(workflow("flow", 7, "A"), workflow("other", 7, "A")));
  }

  @Test
  void aStepIsDoneByAConfiguredWorker() {
    assertRefused(
        "workflow 'flow': step 3: workerType 'Z' is not a configured worker",
        workflow("flow", 2, "A", 3, "Z"));
    assertRefused(
        "workflow 'flow': step 3: workerType 'a' is not a configured worker",
        workflow("flow", 3, "a"));
  }

  @Test
  void eachStepAcceptsWhatTheOneBeforeGives() {
    WorkerConfiguration c = worker("C", "a", "c", "b3");
    assertTaken(
        List.of(A, B, c),
        List.of(workflow("flow", 30, "B", 10, "C", 20, "A"), workflow("other", 1, "A", 2, "B")));
    assertRefused(
        "workflow 'flow': step 9: worker 'C' does not accept 'b', the contentTypeOutput of worker 'A' before it",
        List.of(A, B, c),
        List.of(workflow("flow", 9, "C", 8, "A")));
    assertRefused(
        "workflow 'flow': step 2: worker 'A' does not accept 'b', the contentTypeOutput of worker 'A' before it",
        workflow("flow", 1, "A", 2, "A"));
  }

  /** Text order would be another: the worker of step 9 comes before that of step 10. */
  @Test
  void stepsFollowOneAnotherInTheOrderOfTheirNumbers() {
    assertTaken(List.of(A, B), List.of(workflow("flow", 10, "B", 9, "A")));
  }

  @Test
  void onlyTheLastStepNeedsNoOutput() {
    assertTaken(List.of(A, B), List.of(workflow("flow", 1, "A", 2, "B"), workflow("one", 1, "B")));
    assertRefused(
        "workflow 'flow': step 2: worker 'B' before it has no contentTypeOutput for worker 'A' to accept",
        workflow("flow", 1, "B", 2, "A"));
  }

  @Test
  void aDispatchTimeoutIsMoreThanNothingAndAtMostAYear() {
    for (Duration taken : List.of(Duration.ofNanos(1), Duration.ofDays(365))) {
      assertTaken(List.of(withTimeout(taken)), NO_WORKFLOWS);
    }
    for (Duration refused :
        List.of(
            Duration.ZERO,
            Duration.ofNanos(-1),
            Duration.ofDays(365).plusNanos(1),
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      assertRefused(
          "worker 'A': dispatchTimeout must be more than nothing and at most 365 days, and "
              + refused
              + " is not",
          withTimeout(refused));
    }
  }

  private static WorkerConfiguration withTimeout(Duration timeout) {
    return new WorkerConfiguration("A", List.of("a"), "b", true, timeout);
  }

  @Test
  void everyErrorIsReportedTogether() {
    assertEquals(
        List.of(
            "worker '': workerType must be 1 to 128 characters of a-z, A-Z, 0-9, '-', '_' and '.'",
            "worker '': contentTypeInputs must name at least one content type",
            "worker 'C': 'a' is already used by worker 'A'",
            "worker 'C': contentTypeOutput is empty",
            "workflow 'flow': step -2: stepNumber must be 0 or more",
            "workflow 'flow': step -2: workerType 'Z' is not a configured worker",
            "workflow 'flow': step 1: stepNumber is used twice",
            "workflow 'flow': step 1: workerType 'Z' is not a configured worker",
            "workflow 'none': steps must have at least one step",
            "skipContentTypes: 'a' is used by worker 'A'"),
        errors(
            List.of(worker("", null), A, worker("C", "", "a")),
            List.of(workflow("flow", 1, "A", 1, "Z", -2, "Z"), workflow("none")),
            "a"));
  }
}
