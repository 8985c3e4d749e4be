package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.workermanager.domain.search.ContentTypeSelection.Match;
import org.workermanager.domain.search.Selection.Mode;

/**
 * Which requests are meant, as a manager is asked for them (PROTOCOL section 10). What is null is
 * left out, and applies to every request.
 *
 * @param minimumAge how long they have been in their present state at least, as in {@code PT10M}
 */
public record RequestQuery(
    String source,
    String session,
    String dispatchedWorkerType,
    ContentTypes contentTypes,
    Values<String> statuses,
    Values<Long> ids,
    Period creationDate,
    String minimumAge) {

  /** Every request. */
  public static final RequestQuery ALL =
      new RequestQuery(null, null, null, null, null, null, null, null);

  /** These, or all but these. */
  public record Values<T>(List<T> values, Mode mode) {
    public Values {
      values = List.copyOf(values);
      requireNonNull(mode, "mode");
    }
  }

  /** Those that are like one of these texts, or like none. */
  public record ContentTypes(List<String> values, Mode mode, Match matchMode, boolean ignoreCase) {
    public ContentTypes {
      values = List.copyOf(values);
      requireNonNull(mode, "mode");
      requireNonNull(matchMode, "matchMode");
    }
  }

  /** From one instant to another, both ISO-8601 or null. */
  public record Period(String after, String before) {}
}
