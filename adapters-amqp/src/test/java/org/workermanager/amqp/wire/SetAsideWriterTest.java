package org.workermanager.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetAsideWriterTest {

  private static final int FRAME = 131_072;

  private static Delivery delivery(Map<String, Object> headers, boolean redelivered) {
    BasicProperties properties =
        new BasicProperties.Builder()
            .headers(headers)
            .expiration("1000")
            .userId("somebody")
            .messageId("m")
            .build();
    return new Delivery(
        "queue", new Envelope(1, redelivered, "exchange", "key"), properties, new byte[] {1});
  }

  private static OutgoingMessage setAside(Map<String, Object> headers) {
    return new SetAsideWriter("instance").setAside(delivery(headers, false), "the reason", FRAME);
  }

  @Test
  void keepsTheMessageAndSaysWhy() {
    OutgoingMessage aside = setAside(Map.of("mine", 7));
    Map<String, Object> headers = aside.properties().getHeaders();
    assertEquals("the reason", headers.get("x-exception-message"));
    assertEquals("exchange", headers.get("x-original-exchange"));
    assertEquals("key", headers.get("x-original-routingKey"));
    assertEquals("queue", headers.get("x-death-queue"));
    assertEquals("instance", headers.get("worker-manager.origin"));
    assertEquals(7, headers.get("mine"));
    assertEquals("m", aside.properties().getMessageId());
    assertEquals(1, aside.body().length);
    assertEquals("regards.DLX", aside.exchange());
    assertEquals("regards.DLQ", aside.routingKey());
  }

  @Test
  void leavesOutWhatWouldLoseItAgain() {
    OutgoingMessage aside = setAside(Map.of("CC", List.of("elsewhere")));
    assertNull(aside.properties().getExpiration());
    assertNull(aside.properties().getUserId());
    assertNull(aside.properties().getHeaders().get("CC"));
  }

  @Test
  void shortensHeadersUntilTheyFitIntoAFrame() {
    Map<String, Object> headers = new HashMap<>();
    headers.put("long", "x".repeat(100_000));
    headers.put("longer", "y".repeat(120_000));
    headers.put("short", "z".repeat(100));
    headers.put("list", List.of("w".repeat(130_000)));
    Map<String, Object> shortened = setAside(headers).properties().getHeaders();
    int size = shortened.values().stream().mapToInt(value -> value.toString().length()).sum();
    assertTrue(size < FRAME, () -> "still " + size);
    assertEquals("z".repeat(100), shortened.get("short"));
    assertTrue(shortened.get("long").toString().length() > 1_000);
  }

  @Test
  void ofManyShortHeadersNoMoreAreLeftOutThanMust() {
    Map<String, Object> headers = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      headers.put("h%05d".formatted(i), true);
    }
    int each = 1 + 6 + 1 + 1;
    int left = setAside(headers).properties().getHeaders().size();
    assertEquals((FRAME - 8 * 1024) / each, left, 10);
  }

  @Test
  void theSameMessageHasTheSameFingerprintHoweverOftenItIsDelivered() {
    Map<String, Object> counted = Map.of("a", "b", "x-delivery-count", 3);
    assertEquals(
        MessageDigests.fingerprint(delivery(Map.of("a", "b"), false)),
        MessageDigests.fingerprint(delivery(counted, true)));
    assertNotEquals(
        MessageDigests.fingerprint(delivery(Map.of("a", "b"), false)),
        MessageDigests.fingerprint(delivery(Map.of("a", "c"), false)));
    assertNotEquals(
        MessageDigests.fingerprint(delivery(Map.of("ab", ""), false)),
        MessageDigests.fingerprint(delivery(Map.of("a", "b"), false)));
  }
}
