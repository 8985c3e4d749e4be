package org.workermanager.amqp.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<String, Object> headers = new HashMap<>(delivery.headers());
    headers.keySet().removeAll(ROUTING_HEADERS);
    if (frameMax > 0) {
      shorten(headers, frameMax - RESERVE);
    }
    headers.put(WireNames.EXCEPTION_MESSAGE, cut(reason, LONGEST_REASON));
    headers.put(WireNames.ORIGINAL_EXCHANGE, delivery.envelope().getExchange());
    headers.put(WireNames.ORIGINAL_ROUTING_KEY, delivery.envelope().getRoutingKey());
    headers.put(WireNames.DEATH_QUEUE, delivery.queue());
    headers.put(WireNames.ORIGIN, instance);
    BasicProperties properties =
        delivery.properties().builder().headers(headers).expiration(null).userId(null).build();
    return new OutgoingMessage(
        WireNames.DEAD_LETTER_EXCHANGE,
        WireNames.DEAD_LETTER_QUEUE,
        false,
        properties,
        delivery.body());
  }

  /** The longest ones first, each by half, until all fit. */
  private static void shorten(Map<String, Object> headers, int limit) {
    while (size(headers) > limit) {
      Map.Entry<String, Object> longest =
          headers.entrySet().stream()
              .max(
                  Comparator.comparingInt(
                      (Map.Entry<String, Object> header) -> size(header.getValue())))
              .orElseThrow();
      Object value = longest.getValue();
      boolean text = value instanceof LongString || value instanceof String;
      if (text && value.toString().length() > SHORTEST) {
        longest.setValue(cut(value.toString(), value.toString().length() / 2));
      } else {
        headers.remove(longest.getKey());
      }
    }
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "\u2026";
  }

  /** About what it takes on the wire, in bytes; rather too much. */
  private static int size(Object value) {
    if (value instanceof Map<?, ?> table) {
      return table.entrySet().stream()
          .mapToInt(entry -> size(String.valueOf(entry.getKey())) + size(entry.getValue()))
          .sum();
    } else if (value instanceof List<?> list) {
      return list.stream().mapToInt(SetAsideWriter::size).sum();
    } else if (value instanceof LongString longString) {
      return (int) Math.min(Integer.MAX_VALUE / 2, longString.length()) + 8;
    } else if (value instanceof byte[] bytes) {
      return bytes.length + 8;
    }
    return String.valueOf(value).getBytes(UTF_8).length + 8;
  }
}
