package org.workermanager.app.chaos;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Random;

/**
 * What one request asks for, and so what must become of it. A worker sees the content only, which
 * therefore says all: whatever is done twice comes to the same end.
 *
 * @param failure how the worker at one of the steps answers instead of doing its work; null for a
 *     request that succeeds
 */
record Assignment(
    int number,
    String tenant,
    String contentType,
    List<String> workerTypes,
    Failure failure,
    int priority,
    String padding) {

  static final List<String> TENANTS = List.of("north", "south");

  /** Acknowledges no dispatch: the header that names it is not echoed. */
  static final String SILENT = "Silent";

  static final List<String> WORKER_TYPES = List.of("Echoing", SILENT, "First", "Second");

  private static final String NO_FAILURE = "none";
  private static final int LONGEST_PADDING = 2_000;

  /** The worker of this type answers so. */
  record Failure(String workerType, String status) {

    String text() {
      return workerType + "/" + status;
    }
  }

  /** What a worker makes of some content; the content is null where the status is no success. */
  record Work(String status, String content) {}

  Assignment {
    requireNonNull(tenant, "tenant");
    requireNonNull(contentType, "contentType");
    workerTypes = List.copyOf(workerTypes);
    requireNonNull(padding, "padding");
  }

  /** Some assignment of this number. */
  static Assignment any(int number, Random random) {
    List<String> workerTypes =
        switch (random.nextInt(4)) {
          case 0 -> List.of("Echoing");
          case 1 -> List.of(SILENT);
          default -> List.of("First", "Second");
        };
    Failure failure =
        random.nextInt(5) > 0
            ? null
            : new Failure(
                workerTypes.get(random.nextInt(workerTypes.size())),
                random.nextBoolean() ? "ERROR" : "INVALID_CONTENT");
    return new Assignment(
        number,
        TENANTS.get(random.nextInt(TENANTS.size())),
        contentType(workerTypes),
        workerTypes,
        failure,
        random.nextInt(5) == 0 ? 5 : 0,
        ".".repeat(random.nextInt(LONGEST_PADDING)));
  }

  private static String contentType(List<String> workerTypes) {
    return switch (workerTypes.get(0)) {
      case "Echoing" -> "echoing";
      case SILENT -> "silent";
      default -> "both";
    };
  }

  String requestId() {
    return "r" + number;
  }

  /** The number in a request id; -1 when it is none of ours. */
  static int number(String requestId) {
    return requestId.matches("r[0-9]{1,9}") ? Integer.parseInt(requestId.substring(1)) : -1;
  }

  /** What the requester sends. */
  String content() {
    return "%d %s %s".formatted(number, failure == null ? NO_FAILURE : failure.text(), padding);
  }

  /** What the worker of this type is to get; null when it is not to get the request at all. */
  String contentFor(String workerType) {
    String content = content();
    for (String step : workerTypes) {
      if (step.equals(workerType)) {
        return content;
      }
      content = work(step, content).content();
      if (content == null) {
        return null;
      }
    }
    return null;
  }

  /** How it must end. */
  Work end() {
    Work work = new Work("SUCCESS", content());
    for (String step : workerTypes) {
      if (work.content() != null) {
        work = work(step, work.content());
      }
    }
    return work;
  }

  /** How often workers get it when nothing goes wrong. */
  int dispatches() {
    return failure == null ? workerTypes.size() : workerTypes.indexOf(failure.workerType()) + 1;
  }

  /** What a worker does. */
  static Work work(String workerType, String content) {
    String[] words = content.split(" ", 3);
    String[] failure = words[1].split("/");
    return failure[0].equals(workerType)
        ? new Work(failure[1], null)
        : new Work("SUCCESS", "%s %s %s:%s".formatted(words[0], words[1], workerType, words[2]));
  }
}
