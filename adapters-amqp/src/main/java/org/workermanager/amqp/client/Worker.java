package org.workermanager.amqp.client;

import static java.util.Objects.requireNonNull;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.Delivery;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.WireNames;

/**
 * A worker instance: beats, takes requests of its type one after the other, and replies (PROTOCOL
 * sections 3 to 5).
 *
 * <p>A request is acknowledged only after the broker has confirmed the reply: a worker that dies in
 * between leaves its request to another, which does it once more. When the handler throws, the
 * request is rejected: it comes to its requester as {@code ERROR}, through the dead letters.
 *
 * <p>The handler is called on one thread. When the connection is lost the worker connects again,
 * for ever.
 */
public final class Worker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private static final Duration RECONNECT = Duration.ofSeconds(1);
  private static final long CONFIRM_MILLIS = 30_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final BrokerAddress broker;
  private final String workerType;
  private final Duration heartbeatInterval;
  private final Function<WorkRequest, WorkResult> handler;
  private final String instance = UUID.randomUUID().toString();
  private final ScheduledExecutorService beating =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "worker heartbeat"));
  private volatile Connection connection;
  private volatile boolean closing;
  private Channel beats;
  private Channel requests;
  private long lastBeatNanos;

  private Worker(
      BrokerAddress broker,
      String workerType,
      Duration heartbeatInterval,
      Function<WorkRequest, WorkResult> handler) {
    this.broker = requireNonNull(broker, "broker");
    this.workerType = requireNonNull(workerType, "workerType");
    this.heartbeatInterval = requireNonNull(heartbeatInterval, "heartbeatInterval");
    this.handler = requireNonNull(handler, "handler");
  }

  /**
   * Starts a worker instance; returns at once, and connects as soon as that is possible.
   *
   * @param workerType as in the manager's configuration
   * @param heartbeatInterval well below the manager's heartbeat expiry, which is 60 s unless set
   *     otherwise
   * @param handler does the work; what it throws makes the request fail
   */
  public static Worker start(
      BrokerAddress broker,
      String workerType,
      Duration heartbeatInterval,
      Function<WorkRequest, WorkResult> handler) {
    Worker worker = new Worker(broker, workerType, heartbeatInterval, handler);
    worker.beating.scheduleWithFixedDelay(
        worker::beat,
        0,
        Math.min(heartbeatInterval.toMillis(), RECONNECT.toMillis()),
        TimeUnit.MILLISECONDS);
    return worker;
  }

  /** Connects if need be, and beats when it is time to. */
  private synchronized void beat() {
    try {
      if (closing) {
        return;
      }
      if (connection == null || !connection.isOpen() || !requests.isOpen()) {
        connect();
      }
      long now = System.nanoTime();
      if (lastBeatNanos == 0 || now - lastBeatNanos >= heartbeatInterval.toNanos()) {
        publish(beats, WorkerMessages.heartbeat(instance, workerType, Instant.now()));
        lastBeatNanos = now;
      }
    } catch (IOException | TimeoutException | RuntimeException e) {
      LOG.debug("Worker {} cannot reach the broker now", workerType, e);
    }
  }

  private void connect() throws IOException, TimeoutException {
    if (connection != null) {
      connection.abort();
    }
    connection = broker.connect("worker " + workerType);
    Topology.USUAL.declareForWorker(connection, workerType);
    beats = connection.createChannel();
    lastBeatNanos = 0;
    requests = connection.createChannel();
    requests.basicQos(1);
    requests.confirmSelect();
    Channel channel = requests;
    channel.basicConsume(
        WireNames.workerRequests(workerType),
        false,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body)
              throws IOException {
            work(
                channel,
                new Delivery(WireNames.workerRequests(workerType), envelope, properties, body));
          }
        });
  }

  private void work(Channel channel, Delivery delivery) throws IOException {
    long tag = delivery.envelope().getDeliveryTag();
    if (closing) {
      return;
    }
    try {
      publish(channel, WorkerMessages.running(delivery));
      WorkResult result = handler.apply(WorkerMessages.request(delivery));
      publish(channel, WorkerMessages.reply(delivery, result));
      channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
      channel.basicAck(tag, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // unacknowledged, the request goes to whoever connects next
      channel.abort();
    } catch (ShutdownSignalException e) {
      LOG.debug("Worker {} lost the broker while working on a request", workerType, e);
    } catch (RuntimeException e) {
      LOG.debug("Worker {} failed on a request", workerType, e);
      channel.basicReject(tag, false);
    }
  }

  private static void publish(Channel channel, OutgoingMessage message) throws IOException {
    channel.basicPublish(
        message.exchange(),
        message.routingKey(),
        message.mandatory(),
        message.properties(),
        message.body());
  }

  /** Disconnects: a request in hand goes to another worker, or comes back to this type's queue. */
  @Override
  public void close() {
    closing = true;
    beating.shutdown();
    try {
      beating.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Connection open = connection;
    if (open != null) {
      open.abort();
    }
  }
}
