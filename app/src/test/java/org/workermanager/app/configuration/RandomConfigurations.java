package org.workermanager.app.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/** Makes valid configurations of texts that are hard to write down; others each time. */
final class RandomConfigurations {

  private static final String WORKER_TYPE_CHARACTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  private static final List<String> PIECES =
      List.of(
          "a",
          "B",
          " ",
          "\"",
          "'",
          "\\",
          "\\n",
          "\\\\",
          "\n",
          "\r",
          "\r\n",
          "\t",
          "\u0001",
          "\u001B",
          "\u007F",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\uFFFD",
          "/",
          "</script>",
          "{}",
          "[\"",
          ",",
          ";",
          "%s",
          "$1",
          "?",
          ":x",
          "é",
          "e\u0301",
          "ß",
          "漢字",
          "\uD83D\uDE00",
          "null");

  private final RandomGenerator random;

  /** Content types and workflow types that are used, and worker types in lower case. */
  private final Set<String> used = new HashSet<>();

  private RandomConfigurations(RandomGenerator random) {
    this.random = random;
  }

  static Configuration next(RandomGenerator random) {
    return new RandomConfigurations(random).configuration();
  }

  private Configuration configuration() {
    List<WorkerConfiguration> workers = new ArrayList<>();
    for (int count = random.nextInt(6); count > 0; count--) {
      workers.add(worker(workers));
    }
    List<WorkflowConfiguration> workflows = new ArrayList<>();
    for (int count = workers.isEmpty() ? 0 : random.nextInt(4); count > 0; count--) {
      workflows.add(new WorkflowConfiguration(newText(), steps(workers), random.nextBoolean()));
    }
    return new Configuration(workers, workflows, newTexts(random.nextInt(4)));
  }

  private WorkerConfiguration worker(List<WorkerConfiguration> others) {
    List<String> inputs = newTexts(1 + random.nextInt(3));
    if (random.nextInt(10) == 0) {
      inputs.add(inputs.get(0));
    }
    String output =
        switch (random.nextInt(4)) {
          case 0 -> null;
          case 1 -> text();
          case 2 -> one(inputs);
          default -> others.isEmpty() ? text() : one(one(others).contentTypeInputs());
        };
    return new WorkerConfiguration(workerType(), inputs, output, random.nextBoolean(), timeout());
  }

  private String workerType() {
    while (true) {
      StringBuilder type = new StringBuilder();
      for (int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 128 : 12);
          length > 0;
          length--) {
        type.append(WORKER_TYPE_CHARACTERS.charAt(random.nextInt(WORKER_TYPE_CHARACTERS.length())));
      }
      if (used.add("worker " + type.toString().toLowerCase(Locale.ROOT))) {
        return type.toString();
      }
    }
  }

  private Duration timeout() {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofNanos(1 + random.nextLong(Duration.ofDays(365).toNanos()));
      case 1 -> Duration.ofMinutes(1 + random.nextInt(600));
      default -> null;
    };
  }

  /** A walk from worker to worker that accepts, with numbers in any order in the file. */
  private List<WorkflowStep> steps(List<WorkerConfiguration> workers) {
    List<WorkflowStep> steps = new ArrayList<>();
    WorkerConfiguration worker = one(workers);
    int number = random.nextInt(3);
    while (worker != null && steps.size() < 8) {
      steps.add(random.nextInt(steps.size() + 1), new WorkflowStep(number, worker.workerType()));
      number += 1 + random.nextInt(random.nextInt(5) == 0 ? 100_000_000 : 3);
      String output = worker.contentTypeOutput();
      worker =
          workers.stream()
              .filter(next -> output != null && next.contentTypeInputs().contains(output))
              .findFirst()
              .orElse(null);
    }
    return steps;
  }

  private List<String> newTexts(int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(newText());
    }
    return texts;
  }

  private String newText() {
    while (true) {
      String text = text();
      if (used.add(text)) {
        return text;
      }
    }
  }

  private String text() {
    int limit = random.nextInt(20) == 0 ? 255 : 1 + random.nextInt(12);
    StringBuilder text = new StringBuilder(one(PIECES));
    for (String piece = one(PIECES); text.length() + piece.length() <= limit; piece = one(PIECES)) {
      text.append(piece);
    }
    return text.toString();
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
