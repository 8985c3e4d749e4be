package org.workermanager.app.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be called.
 *
 * @param pattern the segments of the path; those in braces stand for any text
 * @param role what the caller must be
 * @param parameters what may stand in the query
 */
record Route(
    String method, List<String> pattern, Role role, Set<String> parameters, Handler handler) {

  /** Does what is asked for. */
  @FunctionalInterface
  interface Handler {
    Answer handle(Call call);
  }

  static Route of(String method, String path, Role role, Handler handler, String... parameters) {
    Set<String> known = new HashSet<>(List.of(parameters));
    // clients may name their tenant in every call
    known.add(Call.SCOPE);
    return new Route(method, List.of(path.split("/")), role, known, handler);
  }

  /** What stands for the names in braces; empty if the path is another one. */
  Optional<List<String>> match(List<String> segments) {
    if (segments.size() != pattern.size()) {
      return Optional.empty();
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < pattern.size(); i++) {
      if (pattern.get(i).startsWith("{")) {
        arguments.add(segments.get(i));
      } else if (!pattern.get(i).equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(arguments);
  }
}
