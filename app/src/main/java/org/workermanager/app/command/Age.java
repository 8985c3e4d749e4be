package org.workermanager.app.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How long ago something was, as people say it. */
final class Age {

  private static final long MINUTES_FROM = 120;
  private static final long HOURS_FROM = 120 * 60;
  private static final long DAYS_FROM = 48 * 60 * 60;

  private Age() {}

  /** Such as "3 s"; nothing for null. */
  static String at(Instant now, String instant) {
    if (instant == null) {
      return "";
    }
    try {
      return text(Duration.between(Instant.parse(instant), now));
    } catch (DateTimeException e) {
      return instant;
    }
  }

  /** The largest unit of which there are two or more. What is to come is said to be now. */
  static String text(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < MINUTES_FROM) {
      return seconds + " s";
    } else if (seconds < HOURS_FROM) {
      return seconds / 60 + " min";
    } else if (seconds < DAYS_FROM) {
      return seconds / 3_600 + " h";
    }
    return seconds / 86_400 + " d";
  }
}
