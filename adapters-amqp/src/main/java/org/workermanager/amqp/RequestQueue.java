package org.workermanager.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.wire.WireNames;

/** The queue that all worker managers on a virtual host share. */
public final class RequestQueue {

  private static final int ABORT_MILLIS = 2_000;

  private RequestQueue() {}

  /**
   * Whether it is consumed or holds requests: who consumes then takes what is meant for others, or
   * shares with them.
   */
  public static boolean isInUse(BrokerAddress broker) throws IOException, TimeoutException {
    Connection connection = broker.connect("worker-manager look");
    try {
      Channel channel = Channels.open(connection);
      AMQP.Queue.DeclareOk queue = channel.queueDeclarePassive(WireNames.REQUEST_QUEUE);
      return queue.getConsumerCount() > 0 || queue.getMessageCount() > 0;
    } catch (IOException e) {
      if (AmqpErrors.channelCloseCode(e) == AMQP.NOT_FOUND) {
        return false;
      }
      throw e;
    } finally {
      connection.abort(ABORT_MILLIS);
    }
  }
}
