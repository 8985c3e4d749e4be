package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a worker manager behaves.
 *
 * @param instance names this instance among those that share a store and a broker; unique among
 *     those that run
 * @param heartbeatExpiry how long a worker instance counts as alive after a heartbeat (PROTOCOL
 *     section 4)
 * @param markRetention how long a finished request's messages are recognised when the broker
 *     delivers them again: longer than the broker waits for an acknowledgement
 * @param pageSize how many requests are dispatched, retried or deleted in one go
 * @param deadLetterResponses whether requesters are told of dead letters (PROTOCOL section 6)
 */
public record Settings(
    String instance,
    Duration heartbeatExpiry,
    Duration markRetention,
    int pageSize,
    boolean deadLetterResponses) {

  private static final Duration LONGEST = Duration.ofDays(365);

  public Settings {
    requireNonNull(instance, "instance");
    requireSensible(heartbeatExpiry, "heartbeatExpiry");
    requireSensible(markRetention, "markRetention");
    if (pageSize < 1) {
      throw new IllegalArgumentException("pageSize must be 1 or more, not " + pageSize);
    }
  }

  /** The usual settings for the instance of this name. */
  public static Settings ofInstance(String instance) {
    return new Settings(instance, Duration.ofSeconds(60), Duration.ofHours(1), 500, true);
  }

  public Settings withHeartbeatExpiry(Duration expiry) {
    return new Settings(instance, expiry, markRetention, pageSize, deadLetterResponses);
  }

  /** For requesters that cannot take the responses to dead letters. */
  public Settings withoutDeadLetterResponses() {
    return new Settings(instance, heartbeatExpiry, markRetention, pageSize, false);
  }

  private static void requireSensible(Duration duration, String name) {
    if (requireNonNull(duration, name).isNegative()
        || duration.isZero()
        || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " must be more than nothing and at most a year, not " + duration);
    }
  }
}
