package org.workermanager.amqp.limits;

import java.util.Arrays;
import java.util.Locale;

/**
 * What about messages from others is limited. Any number up to 2^31 - 1 can be set, from a least
 * one on, below which nothing that the protocol wants would pass.
 */
public enum MessageLimit {
  /**
   * The bytes of a body. Usually 64 MiB, but an eighth of the Java heap at most: a message takes
   * several times its size while it is handled, a reply with much content the most. Of a larger one
   * nothing is kept in memory, however large it is.
   */
  BODY(1, usualBody(Runtime.getRuntime().maxMemory())),

  /**
   * The bytes of all headers together, as they are on the wire. Usually 128 KiB, RabbitMQ's frame,
   * into which they have to fit anyway.
   */
  HEADERS(8 << 10, 128 << 10),

  /**
   * The bytes of one header, its name included. Usually 128 KiB: dead letters carry stack traces.
   */
  HEADER(1 << 10, 128 << 10),

  /** The number of headers; tables and lists count as one. Usually 1000. */
  HEADER_COUNT(16, 1_000),

  /** How deep the JSON of a body is nested. Usually 100. */
  JSON_DEPTH(2, 100),

  /**
   * The characters of a text in the JSON of a body. Contents travel as such: the usual 256 Mi hold
   * some 190 MB of them, so that the body's limit is met first.
   */
  JSON_TEXT(1 << 10, 256 << 20);

  private static final int LARGEST_USUAL_BODY = 64 << 20;

  private final int least;
  private final int usual;

  MessageLimit(int least, int usual) {
    this.least = least;
    this.usual = usual;
  }

  static int usualBody(long heap) {
    return (int) Math.min(LARGEST_USUAL_BODY, heap / 8);
  }

  int least() {
    return least;
  }

  int usual() {
    return usual;
  }

  /**
   * The limit of this name.
   *
   * @throws IllegalArgumentException naming all, if there is none
   */
  public static MessageLimit parse(String name) {
    return Arrays.stream(values())
        .filter(limit -> limit.toString().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must name one of %s, not '%s'".formatted(Arrays.toString(values()), name)));
  }

  /** As people write it, such as {@code header-count}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
