package org.workermanager.domain.search;

import static java.util.Objects.requireNonNull;

/**
 * Selects content types by texts that they are compared with (PROTOCOL section 10).
 *
 * @param texts what they are compared with; what is included matches any of them, what is excluded
 *     none
 * @param ignoreCase whether upper and lower case are the same
 */
public record ContentTypeSelection(Selection<String> texts, Match match, boolean ignoreCase) {

  /** How a content type is compared with a text. */
  public enum Match {
    STRICT,
    STARTS_WITH,
    CONTAINS,
    ENDS_WITH
  }

  public ContentTypeSelection {
    requireNonNull(texts, "texts");
    requireNonNull(match, "match");
  }

  /**
   * The text as it is compared where case is ignored: each character by itself, without regard to
   * any language, so that a database can be made to do the same.
   */
  public static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      lower.setCharAt(i, Character.toLowerCase(text.charAt(i)));
    }
    return lower.toString();
  }

  boolean selects(String contentType) {
    boolean matches = texts.values().stream().anyMatch(text -> matches(contentType, text));
    return matches == (texts.mode() == Selection.Mode.INCLUDE);
  }

  private boolean matches(String contentType, String text) {
    String actual = ignoreCase ? lowerCase(contentType) : contentType;
    String wanted = ignoreCase ? lowerCase(text) : text;
    return switch (match) {
      case STRICT -> actual.equals(wanted);
      case STARTS_WITH -> actual.startsWith(wanted);
      case CONTAINS -> actual.contains(wanted);
      case ENDS_WITH -> actual.endsWith(wanted);
    };
  }
}
