package org.workermanager.app.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * A way in which a case may end. What is to be seen of it is written as a word, and perhaps a text
 * that has to be in what follows that word.
 *
 * @param name for the figures
 * @param responses to the requester, in order
 * @param signs elsewhere, in any order
 */
record End(String name, List<String> responses, List<String> signs) {

  /** The request is worked on; nothing else. */
  static final End PROCESSED = new End("processed", List.of("GRANTED", "SUCCESS"), List.of());

  /** The requester is told so, and nothing else is. */
  static End answered(String... responses) {
    String last = responses[responses.length - 1].split(" ", 2)[0];
    return new End("answered " + last, List.of(responses), List.of());
  }

  /** It is where operators look, whole, with a reason that has this in it. */
  static End setAside(String reason) {
    return new End("set aside", List.of(), List.of("aside " + reason));
  }

  /** The same for what was not read whole: there are two messages then. */
  static End movedByTheBroker(String reason) {
    return new End(
        "set aside, moved by the broker", List.of(), List.of("noted " + reason, "moved"));
  }

  /** The reason and the headers are there, of what was not read whole and is kept by nobody. */
  static End setAsideWithoutBody(String reason) {
    return new End("set aside without its body", List.of(), List.of("noted " + reason));
  }

  static End ignored(String reason) {
    return new End("ignored: " + reason, List.of(), List.of("ignored " + reason));
  }

  /** The same about a request that is worked on all the same. */
  End andProcessed() {
    return new End(name, PROCESSED.responses(), signs);
  }

  /** The same, and the worker's good reply comes too late. */
  End andReplyIgnored() {
    return new End(name, responses, List.of("ignored NOT_HELD"));
  }

  boolean matches(List<String> seenResponses, List<String> seenSigns) {
    if (seenResponses.size() != responses.size() || seenSigns.size() != signs.size()) {
      return false;
    }
    for (int i = 0; i < responses.size(); i++) {
      if (!matches(responses.get(i), seenResponses.get(i))) {
        return false;
      }
    }
    List<String> left = new ArrayList<>(seenSigns);
    return signs.stream()
        .allMatch(
            sign ->
                left.stream()
                    .filter(seen -> matches(sign, seen))
                    .findFirst()
                    .map(left::remove)
                    .orElse(false));
  }

  private static boolean matches(String expected, String seen) {
    String[] parts = expected.split(" ", 2);
    return seen.split(" ", 2)[0].equals(parts[0]) && (parts.length == 1 || seen.contains(parts[1]));
  }
}
