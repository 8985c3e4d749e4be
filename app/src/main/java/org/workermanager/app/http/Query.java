package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters behind the question mark of an address. */
record Query(Map<String, List<String>> parameters) {

  static Query parse(String raw) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String parameter : raw == null ? new String[0] : raw.split("&")) {
      if (!parameter.isEmpty()) {
        String[] nameAndValue = parameter.split("=", 2);
        parameters
            .computeIfAbsent(decoded(nameAndValue[0]), name -> new ArrayList<>())
            .add(nameAndValue.length == 1 ? "" : decoded(nameAndValue[1]));
      }
    }
    return new Query(parameters);
  }

  /** It is well-formed, or the server would have refused it. */
  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  /** A whole number that is given at most once. */
  int number(String name, int absent) {
    List<String> values = all(name);
    if (values.isEmpty()) {
      return absent;
    }
    try {
      if (values.size() == 1) {
        return Integer.parseInt(values.get(0));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Problem.malformed(
        "%s must be one whole number, not '%s'.".formatted(name, String.join(", ", values)));
  }

  /** What is misspelt must not be as good as absent. */
  void requireOnly(Set<String> known) {
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw Problem.malformed(
            "There is no parameter '%s'; there are: %s."
                .formatted(name, String.join(", ", known.stream().sorted().toList())));
      }
    }
  }
}
