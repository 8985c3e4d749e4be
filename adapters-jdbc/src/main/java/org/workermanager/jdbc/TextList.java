package org.workermanager.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Keeps a list of texts in one column, one a line, so that people can read it too. */
final class TextList {

  private TextList() {}

  /** Null for an empty list. */
  static String write(List<String> texts) {
    return texts.isEmpty()
        ? null
        : texts.stream()
            .map(text -> text.replace("\\", "\\\\").replace("\n", "\\n"))
            .collect(Collectors.joining("\n"));
  }

  static List<String> read(String column) {
    List<String> texts = new ArrayList<>();
    if (column != null) {
      for (String line : column.split("\n", -1)) {
        texts.add(unescape(line));
      }
    }
    return texts;
  }

  private static String unescape(String line) {
    StringBuilder text = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        i++;
        c = line.charAt(i) == 'n' ? '\n' : line.charAt(i);
      }
      text.append(c);
    }
    return text.toString();
  }
}
