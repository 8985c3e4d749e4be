package org.workermanager.amqp.limits;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern SETTING = Pattern.compile("([^=]*)=(\\d{1,10})([KMG]?)");

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

  /** The same with another value of one. */
  public MessageLimits with(MessageLimit limit, int value) {
    Map<MessageLimit, Integer> changed = new EnumMap<>(values);
    changed.put(limit, value);
    return new MessageLimits(changed);
  }

  /**
   * The same with another value of one, given as text such as {@code body=64M} or {@code
   * json-depth=20}; K, M and G stand for 1024 of each other.
   *
   * @throws IllegalArgumentException when it is none, saying how it should look
   */
  public MessageLimits with(String setting) {
    Matcher parts = SETTING.matcher(setting);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "must look like body=64M or json-depth=20, not '" + setting + "'");
    }
    MessageLimit limit = MessageLimit.parse(parts.group(1));
    long unit = 1L << 10 * " KMG".indexOf((parts.group(3) + " ").charAt(0));
    long number = Long.parseLong(parts.group(2));
    if (number > Integer.MAX_VALUE / unit) {
      throw new IllegalArgumentException(
          "%s must be at most %d, not %s"
              .formatted(limit, Integer.MAX_VALUE, parts.group(2) + parts.group(3)));
    }
    return with(limit, (int) (number * unit));
  }
}
