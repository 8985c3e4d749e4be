package org.workermanager.domain.protocol;

import java.util.stream.Collectors;

/**
 * What the protocol says about texts: how long they may be and which characters can be kept or
 * printed.
 */
public final class ProtocolText {

  /**
   * The longest tenant, request id, owner, session or content type, in characters (PROTOCOL section
   * 2).
   */
  public static final int MAX_LENGTH = 255;

  private static final char REPLACEMENT = '\uFFFD';

  private ProtocolText() {}

  /**
   * What is wrong with this text as an identifying header, in words that follow its name; null when
   * nothing is.
   */
  public static String fault(String text) {
    if (text == null) {
      return "is missing or not text";
    }
    if (text.length() > MAX_LENGTH) {
      return "has " + text.length() + " characters, more than " + MAX_LENGTH;
    }
    return text.equals(storable(text)) ? null : "contains U+0000 or half a surrogate pair";
  }

  /** The same for a tenant to be served, which must be something. */
  public static String tenantFault(String tenant) {
    return tenant != null && tenant.isBlank() ? "is empty" : fault(tenant);
  }

  /** The text, as much of it as an identifying header may have; null for null. */
  public static String cut(String text) {
    return text == null || text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
  }

  /**
   * The text with what databases refuse, U+0000 and halves of surrogate pairs, replaced by U+FFFD
   * (PROTOCOL section 5).
   */
  public static String storable(String text) {
    StringBuilder replaced = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        replaced = replaced == null ? new StringBuilder(text) : replaced;
        replaced.setCharAt(i, REPLACEMENT);
      }
    }
    return replaced == null ? text : replaced.toString();
  }

  /**
   * The text in one line that a terminal or a log can take: what would steer a terminal, or pass
   * for another line, as the escape that Java and JSON have for it.
   */
  public static String printable(String text) {
    return text.codePoints().mapToObj(ProtocolText::printable).collect(Collectors.joining());
  }

  private static String printable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          "\\u%04x".formatted(character);
      default -> Character.toString(character);
    };
  }
}
