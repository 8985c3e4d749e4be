package org.workermanager.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Odd values, all from one seed. */
final class Odd {

  private static final int SHORT_STRING = 255;
  private static final String NUL = "\u0000";

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\t\r\n",
          "null",
          "0",
          "#",
          "*",
          "'; DROP TABLE request; --",
          "%s%n${env:HOME}",
          "../..",
          "{\"a\":[1]}",
          "\\u0000",
          "\ud83d\ude80\ud83d\udc69\u200d\ud83d\ude80",
          "\u202e\u05d0\u0301",
          "\uffff\ufffe\ufeff",
          "\u0130\u0131\u00df",
          "\u0085\u2028\u001b[2J\u0007",
          WireProperties.NO_UTF_8);

  final Random random;

  /** Of the broker, in bytes. */
  final int frameMax;

  /** Whether the broker takes an expiration for a time to live; the embedded one for a date. */
  final boolean rabbitMq;

  Odd(Random random, int frameMax, boolean rabbitMq) {
    this.random = random;
    this.frameMax = frameMax;
    this.rabbitMq = rabbitMq;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  @SafeVarargs
  final <T> T oneOf(T... items) {
    return items[random.nextInt(items.length)];
  }

  <T> T oneOf(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  /** Of a few dozen characters, none of them U+0000. */
  String text() {
    if (chance(0.5)) {
      return oneOf(TEXTS);
    }
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      text.appendCodePoint(between(0x20, 0xd7ff));
    }
    return text.toString();
  }

  /** As it fits into a short string of AMQP: a property, or the name of a header. */
  String shortText() {
    String text = chance(0.1) ? WireProperties.NO_UTF_8.repeat(60) : text();
    if (chance(0.1)) {
      text += "x".repeat(SHORT_STRING);
    }
    while (text.getBytes(UTF_8).length > SHORT_STRING) {
      text = text.substring(0, text.length() - 1);
    }
    return text;
  }

  /** One that no identifying header may have. */
  String badText() {
    return chance(0.5)
        ? text() + NUL + text()
        : "x".repeat(between(256, 3_000)) + (chance(0.5) ? text() : "");
  }

  /** A header's value that is no text. */
  Object nonText() {
    return value(2, false);
  }

  /** A header's value of any type. */
  Object value() {
    return value(4, true);
  }

  private Object value(int depth, boolean orText) {
    return switch (random.nextInt(orText ? 15 : 13)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> (byte) random.nextInt();
      case 3 -> (short) random.nextInt();
      case 4 -> random.nextInt();
      case 5 -> oneOf(Long.MIN_VALUE, -1L, Long.MAX_VALUE);
      // RabbitMQ itself takes no others
      case 6 -> oneOf(-0f, Float.MIN_VALUE, Float.MAX_VALUE);
      case 7 -> oneOf(-0d, Double.MIN_VALUE, Double.MAX_VALUE);
      case 8 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(256));
      case 9 -> date();
      case 10 -> bytes(random.nextInt(40));
      case 11 -> array(depth);
      case 12 -> table(depth);
      default -> text();
    };
  }

  private List<Object> array(int depth) {
    List<Object> items = new ArrayList<>();
    for (int i = depth == 0 ? 0 : random.nextInt(4); i > 0; i--) {
      items.add(value(depth - 1, true));
    }
    return items;
  }

  private Map<String, Object> table(int depth) {
    Map<String, Object> items = new HashMap<>();
    for (int i = depth == 0 ? 0 : random.nextInt(4); i > 0; i--) {
      items.put(shortText(), value(depth - 1, true));
    }
    return items;
  }

  /** Tables in arrays in tables, so many of them. */
  Object nested(int depth) {
    Object nested = "deepest";
    for (int i = 0; i < depth; i++) {
      nested = i % 2 == 0 ? List.of(nested) : Map.of("F", nested);
    }
    return nested;
  }

  Date date() {
    return new Date(oneOf(0L, -1_000L, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong()));
  }

  byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A value of JSON that nothing in the protocol asks for. */
  String json() {
    return oneOf(
        "null",
        "-0",
        "1e999",
        "9".repeat(between(1, 900)),
        "true",
        "\"\\u0000\\ud800\"",
        "\"" + "x".repeat(between(0, 5_000)) + "\"",
        "[".repeat(15) + "]".repeat(15),
        "{\"status\":\"ERROR\",\"\":[{}]}");
  }

  /** A part of the middle, never the whole. */
  byte[] cut(byte[] whole) {
    return Arrays.copyOf(whole, random.nextInt(whole.length));
  }

  /** With a byte in it that no JSON has anywhere. */
  byte[] withBadByte(byte[] whole) {
    int at = random.nextInt(whole.length + 1);
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    System.arraycopy(whole, at, longer, at + 1, whole.length - at);
    // not 0xff: in a name that Jackson knows already it passes for padding
    longer[at] = oneOf((byte) 0, (byte) 0xc0, (byte) 0x1b);
    return longer;
  }

  byte[] withFlippedBits(byte[] whole) {
    byte[] flipped = whole.clone();
    for (int i = between(1, 3); i > 0; i--) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }
}
