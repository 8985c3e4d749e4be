package org.workermanager.amqp.wire;

import com.rabbitmq.client.AMQP.BasicProperties;

/**
 * A message to publish.
 *
 * @param mandatory whether the broker gives it back when no queue takes it
 */
public record OutgoingMessage(
    String exchange,
    String routingKey,
    boolean mandatory,
    BasicProperties properties,
    byte[] body) {}
