package org.workermanager.amqp.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.workermanager.domain.request.Fingerprint;

/**
 * Computes the fingerprints by which a message that is delivered again is recognised (PROTOCOL
 * section 2).
 */
final class MessageDigests {

  /** Headers that a broker changes from one delivery of a message to the next. */
  private static final Set<String> DELIVERY_COUNTERS =
      Set.of("x-delivery-count", "x-acquired-count");

  private MessageDigests() {}

  static Fingerprint fingerprint(Delivery delivery) {
    MessageDigest digest = sha256();
    BasicProperties properties = delivery.properties();
    addProperty(digest, properties.getContentType());
    addProperty(digest, properties.getContentEncoding());
    addProperty(digest, properties.getDeliveryMode());
    addProperty(digest, properties.getPriority());
    addProperty(digest, properties.getCorrelationId());
    addProperty(digest, properties.getReplyTo());
    addProperty(digest, properties.getExpiration());
    addProperty(digest, properties.getMessageId());
    addProperty(digest, properties.getTimestamp());
    addProperty(digest, properties.getType());
    addProperty(digest, properties.getUserId());
    addProperty(digest, properties.getAppId());
    new TreeMap<>(delivery.headers())
        .forEach(
            (name, value) -> {
              if (!DELIVERY_COUNTERS.contains(name)) {
                addProperty(digest, name);
                addProperty(digest, value);
              }
            });
    digest.update(delivery.body());
    return Fingerprint.of(digest.digest());
  }

  /** With its length in front, so that no two different messages look the same. */
  private static void addProperty(MessageDigest digest, Object value) {
    byte[] bytes = plain(value).getBytes(UTF_8);
    digest.update((value == null ? "-" : bytes.length + ":").getBytes(UTF_8));
    digest.update(bytes);
  }

  /** A text that is the same for the same value, whatever object it came in. */
  private static String plain(Object value) {
    if (value == null) {
      return "";
    } else if (value instanceof LongString || value instanceof String) {
      return value.toString();
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof Date date) {
      return Long.toString(date.getTime());
    } else if (value instanceof Map<?, ?> table) {
      Map<String, String> sorted = new TreeMap<>();
      table.forEach((name, item) -> sorted.put(String.valueOf(name), plain(item)));
      return sorted.toString();
    } else if (value instanceof List<?> list) {
      return list.stream().map(MessageDigests::plain).toList().toString();
    }
    return value.getClass().getSimpleName() + " " + value;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
