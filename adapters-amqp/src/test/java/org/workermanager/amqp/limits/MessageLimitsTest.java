package org.workermanager.amqp.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageLimitsTest {

  @ParameterizedTest
  @CsvSource({
    "body=1, BODY, 1",
    "body=64M, BODY, 67108864",
    "body=1G, BODY, 1073741824",
    "headers=50000, HEADERS, 50000",
    "header=4K, HEADER, 4096",
    "header-count=16, HEADER_COUNT, 16",
    "json-depth=20, JSON_DEPTH, 20",
    "json-text=2147483647, JSON_TEXT, 2147483647",
  })
  void areSetByText(String setting, MessageLimit limit, int value) {
    MessageLimits limits = MessageLimits.USUAL.with(setting);
    assertEquals(value, limits.of(limit));
    assertEquals(MessageLimits.USUAL.with(limit, value), limits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bodies=1 | must name one of [body, headers, header, header-count, json-depth, json-text], not 'bodies'",
        "body | must look like body=64M or json-depth=20, not 'body'",
        "body=-1 | must look like body=64M or json-depth=20, not 'body=-1'",
        "body=64MB | must look like body=64M or json-depth=20, not 'body=64MB'",
        "body=2G | body must be at most 2147483647, not 2G",
        "body=9999999999G | body must be at most 2147483647, not 9999999999G",
        "body=0 | body must be 1 or more, not 0",
        "header-count=1 | header-count must be 16 or more, not 1",
      })
  void whatCannotBeIsRefused(String setting, String why) {
    assertEquals(
        why,
        assertThrows(IllegalArgumentException.class, () -> MessageLimits.USUAL.with(setting))
            .getMessage());
  }

  /** In any heap that is not tiny also a reply with 20 MB of content: as text a third more. */
  @Test
  void theUsualOnesLetPassWhatTheProtocolWants() {
    int mebibyte = 1 << 20;
    assertEquals(8 * mebibyte, MessageLimit.usualBody(64L * mebibyte));
    assertTrue(MessageLimit.usualBody(250L * mebibyte) > 20_000_000 / 3 * 4 + 1_000);
    assertEquals(64 * mebibyte, MessageLimit.usualBody(100_000L * mebibyte));
    assertTrue(MessageLimits.USUAL.of(MessageLimit.HEADER) > 100_000);
    assertTrue(
        MessageLimits.USUAL.of(MessageLimit.JSON_TEXT)
            >= MessageLimits.USUAL.of(MessageLimit.BODY));
  }
}
