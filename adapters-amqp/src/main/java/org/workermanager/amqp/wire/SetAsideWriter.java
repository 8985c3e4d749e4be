package org.workermanager.amqp.wire;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.Frame;
import java.io.UnsupportedEncodingException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Writes what cannot be processed to where operators look, with the reason (PROTOCOL section 2).
 * Thread-safe.
 */
public final class SetAsideWriter {

  /** What the other properties, names and frame of a message may need, in bytes. */
  private static final int RESERVE = 8 * 1024;

  /** No header is cut below this many characters: then it is left out. */
  private static final int SHORTEST = 64;

  private static final int LONGEST_REASON = 2_000;

  /** Brokers take these for further routing keys. */
  private static final Set<String> ROUTING_HEADERS = Set.of("CC", "BCC");

  private final String instance;

  /**
   * @param instance of the manager, named in the header {@code worker-manager.origin}
   */
  public SetAsideWriter(String instance) {
    this.instance = instance;
  }

  /**
   * The message with the reason added. Without its expiration, lest it vanish before anybody looks,
   * and its user id, which the broker accepts from that user only.
   *
   * @param frameMax the largest frame that the broker takes, in bytes; 0 for any. Headers are
   *     shortened to fit into one
   */
  public OutgoingMessage setAside(Delivery delivery, String reason, int frameMax) {
    Map<String, Object> why =
        Map.of(
            WireNames.EXCEPTION_MESSAGE, cut(reason, LONGEST_REASON),
            WireNames.ORIGINAL_EXCHANGE, delivery.envelope().getExchange(),
            WireNames.ORIGINAL_ROUTING_KEY, delivery.envelope().getRoutingKey(),
            WireNames.DEATH_QUEUE, delivery.queue(),
            WireNames.ORIGIN, instance);
    return setAside(delivery.properties(), delivery.headers(), why, delivery.body(), frameMax);
  }

  /** The same for a message of ours, which was on no queue. */
  public OutgoingMessage setAside(OutgoingMessage message, String reason, int frameMax) {
    Map<String, Object> why =
        Map.of(
            WireNames.EXCEPTION_MESSAGE, cut(reason, LONGEST_REASON),
            WireNames.ORIGINAL_EXCHANGE, message.exchange(),
            WireNames.ORIGINAL_ROUTING_KEY, message.routingKey(),
            WireNames.ORIGIN, instance);
    BasicProperties properties = message.properties();
    return setAside(properties, properties.getHeaders(), why, message.body(), frameMax);
  }

  private static OutgoingMessage setAside(
      BasicProperties properties,
      Map<String, Object> original,
      Map<String, Object> why,
      byte[] body,
      int frameMax) {
    Map<String, Object> headers = new HashMap<>(original);
    headers.keySet().removeAll(ROUTING_HEADERS);
    if (frameMax > 0) {
      shorten(headers, frameMax - RESERVE);
    }
    headers.putAll(why);
    return new OutgoingMessage(
        WireNames.DEAD_LETTER_EXCHANGE,
        WireNames.DEAD_LETTER_QUEUE,
        true,
        properties.builder().headers(headers).expiration(null).userId(null).build(),
        body);
  }

  /** The longest ones first, each by half, until all fit. */
  private static void shorten(Map<String, Object> headers, int limit) {
    PriorityQueue<SizedHeader> longestFirst = new PriorityQueue<>();
    headers.forEach((name, value) -> longestFirst.add(SizedHeader.of(name, value)));
    long size = longestFirst.stream().mapToLong(SizedHeader::bytes).sum();
    while (size > limit) {
      SizedHeader longest = longestFirst.remove();
      size -= longest.bytes();
      Object value = headers.remove(longest.name());
      boolean text = value instanceof LongString || value instanceof String;
      if (text && value.toString().length() > SHORTEST) {
        String half = cut(value.toString(), value.toString().length() / 2);
        headers.put(longest.name(), half);
        SizedHeader shorter = SizedHeader.of(longest.name(), half);
        longestFirst.add(shorter);
        size += shorter.bytes();
      }
    }
  }

  /** A header and what it takes on the wire; the longest is the first. */
  private record SizedHeader(String name, long bytes) implements Comparable<SizedHeader> {

    static SizedHeader of(String name, Object value) {
      try {
        return new SizedHeader(name, Frame.tableSize(Collections.singletonMap(name, value)));
      } catch (UnsupportedEncodingException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int compareTo(SizedHeader other) {
      return Long.compare(other.bytes, bytes);
    }
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "\u2026";
  }
}
