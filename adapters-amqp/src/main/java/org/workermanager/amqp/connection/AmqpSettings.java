package org.workermanager.amqp.connection;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.workermanager.amqp.limits.MessageLimits;

/**
 * How a worker manager uses a broker.
 *
 * @param instance the manager instance's id, unique on the broker, of at most 100 characters
 * @param heartbeatExpiry how long heartbeats are worth delivering: the manager's own, at most 24
 *     hours
 * @param appId the {@code app_id} of what is published (PROTOCOL sections 3 and 7)
 * @param queueArguments changes to what queues are declared with (PROTOCOL section 1)
 * @param prefetch how many messages of a queue the broker delivers ahead of their acknowledgement
 * @param confirmTimeout how long to wait for the broker to confirm a batch
 * @param limits of what is taken from others
 */
public record AmqpSettings(
    BrokerAddress broker,
    String instance,
    Duration heartbeatExpiry,
    String appId,
    List<QueueArgument> queueArguments,
    int prefetch,
    Duration confirmTimeout,
    MessageLimits limits) {

  /** The {@code app_id} of the system that existing peers know. */
  public static final String USUAL_APP_ID = "REGARDS";

  /** A part of a queue's name, which has a limit. */
  private static final int LONGEST_INSTANCE = 100;

  /** Well below what brokers take as the time to keep a message. */
  public static final Duration LONGEST_EXPIRY = Duration.ofHours(24);

  public AmqpSettings {
    requireNonNull(broker, "broker");
    if (requireNonNull(instance, "instance").isBlank() || instance.length() > LONGEST_INSTANCE) {
      throw new IllegalArgumentException(
          "instance must have 1 to " + LONGEST_INSTANCE + " characters");
    }
    if (requireNonNull(heartbeatExpiry, "heartbeatExpiry").toMillis() < 1
        || heartbeatExpiry.compareTo(LONGEST_EXPIRY) > 0) {
      throw new IllegalArgumentException(
          "heartbeatExpiry must be 1 ms to 24 h, not " + heartbeatExpiry);
    }
    requireNonNull(appId, "appId");
    queueArguments = List.copyOf(queueArguments);
    requireNonNull(confirmTimeout, "confirmTimeout");
    requireNonNull(limits, "limits");
    if (prefetch < 1 || prefetch > 65_535) {
      throw new IllegalArgumentException("prefetch must be 1 to 65535, not " + prefetch);
    }
  }

  /** The usual settings. */
  public static AmqpSettings of(BrokerAddress broker, String instance, Duration heartbeatExpiry) {
    return new AmqpSettings(
        broker,
        instance,
        heartbeatExpiry,
        USUAL_APP_ID,
        List.of(),
        2_000,
        Duration.ofSeconds(30),
        MessageLimits.USUAL);
  }

  /** The same, on this broker. */
  public AmqpSettings withBroker(BrokerAddress newBroker) {
    return new AmqpSettings(
        newBroker,
        instance,
        heartbeatExpiry,
        appId,
        queueArguments,
        prefetch,
        confirmTimeout,
        limits);
  }

  /** The same, with this {@code app_id}. */
  public AmqpSettings withAppId(String newAppId) {
    return new AmqpSettings(
        broker,
        instance,
        heartbeatExpiry,
        newAppId,
        queueArguments,
        prefetch,
        confirmTimeout,
        limits);
  }

  /** The same, with these changes to what queues are declared with, and no others. */
  public AmqpSettings withQueueArguments(List<QueueArgument> newQueueArguments) {
    return new AmqpSettings(
        broker,
        instance,
        heartbeatExpiry,
        appId,
        newQueueArguments,
        prefetch,
        confirmTimeout,
        limits);
  }

  /** The same, with these limits. */
  public AmqpSettings withLimits(MessageLimits newLimits) {
    return new AmqpSettings(
        broker,
        instance,
        heartbeatExpiry,
        appId,
        queueArguments,
        prefetch,
        confirmTimeout,
        newLimits);
  }
}
