package org.workermanager.amqp.wire;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import java.util.Map;

/** A message as it came from a queue. */
public record Delivery(String queue, Envelope envelope, BasicProperties properties, byte[] body) {

  /** The headers; never null. */
  public Map<String, Object> headers() {
    return properties.getHeaders() == null ? Map.of() : properties.getHeaders();
  }

  /** A header's text; null if it is missing or no text. */
  public String text(String header) {
    Object value = headers().get(header);
    return value instanceof LongString || value instanceof String ? value.toString() : null;
  }

  /**
   * The size of a body that was too large to be kept; null if it was not, whatever its sender says.
   */
  public Long droppedBody() {
    return body.length == 0 && headers().get(WireNames.DROPPED_BODY) instanceof Long size
        ? size
        : null;
  }

  /** Whether the broker may have delivered it before. */
  public boolean redelivered() {
    return envelope.isRedeliver();
  }

  /** The same, as one that may have been delivered before. */
  public Delivery markedRedelivered() {
    Envelope marked =
        new Envelope(
            envelope.getDeliveryTag(), true, envelope.getExchange(), envelope.getRoutingKey());
    return new Delivery(queue, marked, properties, body);
  }
}
