package org.workermanager.amqp.connection;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An argument to declare queues with, in place of the usual one of that name (PROTOCOL section 1:
 * "All of it can be set").
 *
 * @param queues which queues
 * @param name of the argument, such as {@code x-max-priority}
 * @param value a text, a whole number or a truth value; null to declare the queues without that
 *     argument
 */
public record QueueArgument(Kind queues, String name, Object value) {

  /** What is on a queue. */
  public enum Kind {
    /** Requests in, from requesters. */
    REQUESTS,
    /** Heartbeats in, each manager instance's own. */
    HEARTBEATS,
    /** Replies in, from workers. */
    REPLIES,
    /** Worker requests that failed. */
    DEAD_LETTERS,
    /** Requests out, to each worker type: workers declare these queues too, and must agree. */
    WORKERS;

    /** As people write it, such as {@code dead-letters}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final String KINDS =
      Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining("|"));
  private static final Pattern FORMAT = Pattern.compile("(" + KINDS + "):([^=\\s]+)=(.*)");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

  public QueueArgument {
    requireNonNull(queues, "queues");
    requireNonNull(name, "name");
  }

  /**
   * Reads one, such as {@code requests:x-max-priority=255} or, to leave one out, {@code
   * requests:x-max-priority=}.
   *
   * @throws IllegalArgumentException when it is none, saying how it should look
   */
  public static QueueArgument parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must look like requests:x-max-priority=255, with one of "
              + KINDS.replace("|", ", ")
              + " before the colon, not '"
              + text
              + "'");
    }
    Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT).replace('-', '_'));
    return new QueueArgument(kind, matcher.group(2), value(matcher.group(3)));
  }

  private static Object value(String text) {
    if (text.isEmpty()) {
      return null;
    } else if (NUMBER.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
  }

  /** Puts it there, or leaves it out. */
  public void applyTo(Map<String, Object> arguments) {
    if (value == null) {
      arguments.remove(name);
    } else {
      arguments.put(name, value);
    }
  }
}
