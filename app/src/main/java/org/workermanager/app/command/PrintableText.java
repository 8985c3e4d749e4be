package org.workermanager.app.command;

import java.util.stream.Collectors;
import org.workermanager.domain.protocol.ProtocolText;

/**
 * Texts that others made up, such as request ids and workers' messages, as they may go to a
 * terminal: they must not steer it, nor pass for lines of ours.
 */
final class PrintableText {

  private PrintableText() {}

  /** In one line; nothing for null. */
  static String line(String text) {
    return text == null ? "" : ProtocolText.printable(text);
  }

  /** With its line ends. */
  static String lines(String text) {
    return text.lines().map(PrintableText::line).collect(Collectors.joining("\n"));
  }

  /** In one line, with so many characters at most. */
  static String shortened(String text, int most) {
    String line = line(text);
    if (line.codePointCount(0, line.length()) <= most) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, most - 3)) + "...";
  }
}
