package org.workermanager.amqp.limits;

import java.util.EnumMap;
import java.util.Map;

/**
 * How large messages may be. One that exceeds a limit is refused alone: a request is answered
 * {@code SKIPPED} where it says to whom, everything else is set aside with the reason (PROTOCOL
 * section 2).
 *
 * @param values the limits; the usual ones where one is missing
 */
public record MessageLimits(Map<MessageLimit, Integer> values) {

  /** The usual ones. */
  public static final MessageLimits USUAL = new MessageLimits(Map.of());

  /**
   * @throws IllegalArgumentException if one is too low for anything to pass
   */
  public MessageLimits {
    Map<MessageLimit, Integer> all = new EnumMap<>(MessageLimit.class);
    for (MessageLimit limit : MessageLimit.values()) {
      int value = values.getOrDefault(limit, limit.usual());
      if (value < limit.least()) {
        throw new IllegalArgumentException(
            "%s must be %d or more, not %d".formatted(limit, limit.least(), value));
      }
      all.put(limit, value);
    }
    values = Map.copyOf(all);
  }

  /** The value of one. */
  public int of(MessageLimit limit) {
    return values.get(limit);
  }

  /**
   * The same with another value of one.
   *
   * @throws IllegalArgumentException if it is too low for anything to pass
   */
  public MessageLimits with(MessageLimit limit, int value) {
    Map<MessageLimit, Integer> changed = new EnumMap<>(values);
    changed.put(limit, value);
    return new MessageLimits(changed);
  }
}
