package org.workermanager.amqp.wire;

import com.rabbitmq.client.impl.Frame;
import java.io.UnsupportedEncodingException;
import java.util.Collections;
import java.util.Map;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;

/** Finds messages that are larger than they may be. Immutable. */
public final class MessageCheck {

  private final MessageLimits limits;

  public MessageCheck(MessageLimits limits) {
    this.limits = limits;
  }

  /** What is too large about a message, as a sentence; null if nothing is. */
  public String fault(Delivery delivery) {
    Long droppedBody = delivery.droppedBody();
    return droppedBody == null
        ? headersFault(delivery)
        : tooMuch("The body has " + droppedBody + " bytes", MessageLimit.BODY);
  }

  /** The same for the headers alone. */
  String headersFault(Delivery delivery) {
    int count = delivery.headers().size();
    if (count > limits.of(MessageLimit.HEADER_COUNT)) {
      return tooMuch("There are " + count + " headers", MessageLimit.HEADER_COUNT);
    }
    long total = 0;
    for (Map.Entry<String, Object> header : delivery.headers().entrySet()) {
      long size = size(header);
      if (size > limits.of(MessageLimit.HEADER)) {
        return tooMuch(
            "The header " + header.getKey() + " has " + size + " bytes", MessageLimit.HEADER);
      }
      total += size;
    }
    return total > limits.of(MessageLimit.HEADERS)
        ? tooMuch("The headers have " + total + " bytes", MessageLimit.HEADERS)
        : null;
  }

  /** On the wire. */
  private static long size(Map.Entry<String, Object> header) {
    try {
      return Frame.tableSize(Collections.singletonMap(header.getKey(), header.getValue()));
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("Every Java platform has UTF-8", e);
    }
  }

  private String tooMuch(String what, MessageLimit limit) {
    return "%s, more than %d (limit %s).".formatted(what, limits.of(limit), limit);
  }

  /**
   * @throws UnreadableMessageException if it is too large in any way
   */
  void require(Delivery delivery) throws UnreadableMessageException {
    require(fault(delivery));
  }

  /** The same for a message whose body nobody looks at. */
  void requireHeaders(Delivery delivery) throws UnreadableMessageException {
    require(headersFault(delivery));
  }

  private static void require(String fault) throws UnreadableMessageException {
    if (fault != null) {
      throw new UnreadableMessageException(fault);
    }
  }
}
