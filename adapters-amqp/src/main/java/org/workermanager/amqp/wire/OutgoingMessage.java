package org.workermanager.amqp.wire;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import java.io.IOException;

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
    byte[] body) {

  /**
   * Publishes it.
   *
   * @throws IllegalArgumentException if its headers do not fit into a frame
   */
  public void publishOn(Channel channel) throws IOException {
    channel.basicPublish(exchange, routingKey, mandatory, properties, body);
  }
}
