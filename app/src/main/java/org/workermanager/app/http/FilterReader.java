package org.workermanager.app.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.ContentTypeSelection;
import org.workermanager.domain.search.RequestFilter;

/**
 * Reads filters (PROTOCOL section 10). What is not understood is refused: a mistyped field must not
 * make a filter apply to more.
 */
final class FilterReader {

  private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

  private FilterReader() {}

  /**
   * @param now what ages are counted from
   * @throws Problem naming the field that is wrong
   */
  static RequestFilter read(ObjectNode body, Instant now) {
    Fields fields =
        Fields.of(
            body,
            "source",
            "session",
            "dispatchedWorkerType",
            "contentTypes",
            "statuses",
            "ids",
            "creationDate",
            "minimumAge");
    Fields contentTypes =
        fields.object("contentTypes", "values", "mode", "matchMode", "ignoreCase");
    Fields statuses = fields.object("statuses", "values", "mode");
    Fields ids = fields.object("ids", "values", "mode");
    Fields creationDate = fields.object("creationDate", "after", "before");
    return new RequestFilter(
        fields.text("source"),
        fields.text("session"),
        fields.text("dispatchedWorkerType"),
        contentTypes == null ? null : contentTypes(contentTypes),
        statuses == null ? null : statuses.choices(RequestStatus.class),
        ids == null ? null : ids.numbers(),
        creationDate == null ? null : creationDate.instant("after"),
        creationDate == null ? null : creationDate.instant("before"),
        unchangedSince(fields.text("minimumAge"), now));
  }

  private static ContentTypeSelection contentTypes(Fields fields) {
    return new ContentTypeSelection(
        fields.texts(),
        fields
            .choice("matchMode", ContentTypeSelection.Match.class)
            .orElse(ContentTypeSelection.Match.STRICT),
        fields.flag("ignoreCase"));
  }

  private static Instant unchangedSince(String minimumAge, Instant now) {
    if (minimumAge == null) {
      return null;
    }
    try {
      Duration age = Duration.parse(minimumAge);
      if (!age.isNegative() && !age.isZero() && age.compareTo(LONGEST_AGE) <= 0) {
        return now.minus(age);
      }
    } catch (DateTimeException | ArithmeticException e) {
      // said below
    }
    throw Problem.malformed(
        "minimumAge must be an ISO-8601 duration of more than nothing and at most %d days, such as \"PT10M\" (ten minutes)."
            .formatted(LONGEST_AGE.toDays()));
  }
}
