package org.workermanager.amqp.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MessageLimitsTest {

  @Test
  void haveTheNamesThatPeopleWrite() {
    assertEquals(MessageLimit.HEADER_COUNT, MessageLimit.parse("header-count"));
    assertRefused(
        "must name one of [body, headers, header, header-count, json-depth, json-text], not 'bodies'",
        () -> MessageLimit.parse("bodies"));
  }

  @Test
  void areNotSoLowThatNothingPasses() {
    assertEquals(
        16, MessageLimits.USUAL.with(MessageLimit.HEADER_COUNT, 16).of(MessageLimit.HEADER_COUNT));
    assertRefused(
        "header-count must be 16 or more, not 15",
        () -> MessageLimits.USUAL.with(MessageLimit.HEADER_COUNT, 15));
  }

  private static void assertRefused(String why, Executable refused) {
    assertEquals(why, assertThrows(IllegalArgumentException.class, refused).getMessage());
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
