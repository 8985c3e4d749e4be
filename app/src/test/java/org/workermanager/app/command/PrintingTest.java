package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.workermanager.app.command.Table.Column;

/** Tables, ages, progress and other people's texts, to the character. */
class PrintingTest {

  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(written, true);

  @Test
  void columnsAreAlignedAndLongTextsShortened() {
    Table table =
        new Table(Column.text("NAME", 10), Column.number("NUMBER"), Column.text("LAST", 5));
    table.add("abcdefghij", Table.number(1_234_567), "x");
    table.add("abcdefghijk", 5, null);
    table.add("é\uD83D\uDE00", 50, "a\nb");
    table.print(out);
    assertEquals(
        """
        NAME           NUMBER  LAST
        abcdefghij  1,234,567  x
        abcdefg...          5
        é\uD83D\uDE00                 50  a\\...
        """,
        written.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 0 s",
    "0, 0 s",
    "119, 119 s",
    "120, 2 min",
    "7199, 119 min",
    "7200, 2 h",
    "172799, 47 h",
    "172800, 2 d",
    "31536000, 365 d"
  })
  void agesAreInTheUnitThatPeopleSay(long seconds, String text) {
    assertEquals(text, Age.text(Duration.ofSeconds(seconds)));
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    assertEquals(text, Age.at(now, now.minusSeconds(seconds).toString()));
  }

  @Test
  void whatIsNoInstantIsShownAsItIs() {
    assertEquals("", Age.at(Instant.EPOCH, null));
    assertEquals("lately", Age.at(Instant.EPOCH, "lately"));
  }

  @Test
  void textsOfOthersStayInTheirPlace() {
    assertEquals("", PrintableText.line(null));
    assertEquals("é \uD83D\uDE00 ñ", PrintableText.line("é \uD83D\uDE00 ñ"));
    assertEquals(
        "\\u001b[31m\\u007f\\u009b\\u200b\\u202e\\u2028\\ud83d\\u000a",
        PrintableText.line("\u001b[31m\u007f\u009b\u200b\u202e\u2028\uD83D\n"));
    assertEquals("a\n\\u0009b", PrintableText.lines("a\r\n\tb\n"));
    assertEquals("ab...", PrintableText.shortened("abcdef", 5));
    assertEquals("abcde", PrintableText.shortened("abcde", 5));
  }

  @Test
  void onATerminalOneLineIsUpdatedAndCleared() {
    Progress progress = new Progress(out, true);
    progress.show("first text");
    progress.show("second");
    progress.show("the third");
    progress.end();
    assertEquals("\rfirst text\rsecond    \rthe third\r         \r", written.toString());
  }

  @Test
  void elsewhereNothingIsPrintedThatComesTooOften() {
    Progress progress = new Progress(out, false);
    progress.show("first");
    progress.show("second");
    progress.end();
    assertEquals("", written.toString());
  }
}
