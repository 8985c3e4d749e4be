package org.workermanager.app.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads instants such as {@code 2026-01-31T12:00:00Z}, and dates, which begin at 0:00 UTC. */
final class TimeConverter implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "must be an instant such as 2026-01-31T12:00:00Z or 2026-01-31T12:00:00+01:00,"
              + " or a date such as 2026-01-31, not '"
              + text
              + "'");
    }
  }
}
