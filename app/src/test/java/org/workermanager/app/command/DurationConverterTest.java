package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

  private final DurationConverter converter = new DurationConverter();

  @Test
  void readsEveryUnit() {
    assertEquals(Duration.ofMillis(500), converter.convert("500ms"));
    assertEquals(Duration.ofSeconds(60), converter.convert("60s"));
    assertEquals(Duration.ofMinutes(2), converter.convert("2m"));
    assertEquals(Duration.ofHours(1), converter.convert("1h"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "60",
        "s",
        "0s",
        "00ms",
        "-1s",
        "1.5s",
        "1 s",
        " 1s",
        "1S",
        "1d",
        "1s2m",
        "9999999999s"
      })
  void refusesEverythingElse(String text) {
    String message =
        assertThrows(TypeConversionException.class, () -> converter.convert(text)).getMessage();
    assertTrue(message.contains("'" + text + "'") && message.contains("60s"), message);
  }
}
