package org.workermanager.app.chaos;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Hears all responses, for all requesters, from a queue that outlives its connections. */
final class ListenerPeer extends Peer {

  private static final String QUEUE = "chaos.responses";
  private static final int PREFETCH = 500;
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Ledger ledger;
  private final CountDownLatch listening = new CountDownLatch(1);

  ListenerPeer(int port, Ledger ledger) {
    super("listener", port);
    this.ledger = ledger;
  }

  /** Waits until no response is missed any more. */
  void awaitListening(Duration patience) throws InterruptedException {
    if (!listening.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("The responses cannot be consumed");
    }
  }

  @Override
  void attend(Connection connection) throws Exception {
    Channel channel = connection.createChannel();
    channel.exchangeDeclare(Wire.RESPONSES, "fanout", true);
    channel.queueDeclare(QUEUE, true, false, false, null);
    channel.queueBind(QUEUE, Wire.RESPONSES, "");
    listening.countDown();
    channel.basicQos(PREFETCH);
    channel.basicConsume(
        QUEUE,
        false,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body)
              throws IOException {
            try {
              ledger.heard(Response.read(properties, body, envelope.isRedeliver()));
            } catch (IOException | RuntimeException e) {
              ledger.strange("A response that cannot be read: " + e);
            }
            channel.basicAck(envelope.getDeliveryTag(), false);
          }
        });
    while (isOn(connection) && channel.isOpen()) {
      Patience.rest(LOOK);
    }
  }
}
