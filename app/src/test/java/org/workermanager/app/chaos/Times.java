package org.workermanager.app.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as this program prints them. */
final class Times {

  /** As in the managers' logs. */
  private static final DateTimeFormatter OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private Times() {}

  static String ofDay(Instant at) {
    return OF_DAY.format(at);
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
  }
}
