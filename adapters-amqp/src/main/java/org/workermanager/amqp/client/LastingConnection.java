package org.workermanager.amqp.client;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.SaidProblems;
import org.workermanager.amqp.wire.Delivery;

/**
 * A client's connection, made again when it or any of its channels is lost, for ever. Its thread
 * keeps the process alive until it is closed. Thread-safe.
 */
final class LastingConnection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LastingConnection.class);

  private static final long CHECK_MILLIS = 500;
  private static final int ABORT_MILLIS = 2_000;

  /** What a new connection is used for. */
  @FunctionalInterface
  interface SetUp {
    /** Declares and consumes; returns the channels that must be open for it to be of use. */
    List<Channel> on(Connection connection) throws IOException;
  }

  /** Takes what comes from a queue. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Handles and acknowledges a delivery. What is thrown costs the channel, and so hands it back.
     */
    void receive(Channel channel, Delivery delivery) throws IOException, TimeoutException;
  }

  private final BrokerAddress broker;
  private final String name;
  private final SetUp setUp;
  private final ScheduledExecutorService thread;

  /** Held while a delivery is handled: one at a time, even over a loss of the connection. */
  private final ReentrantLock inHand = new ReentrantLock();

  private volatile boolean closing;
  private Connection connection;
  private List<Channel> channels = List.of();
  private final SaidProblems said = new SaidProblems();

  LastingConnection(BrokerAddress broker, String name, SetUp setUp) {
    this.broker = broker;
    this.name = name;
    this.setUp = setUp;
    this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, name));
  }

  /**
   * Connects now.
   *
   * @throws IOException when that fails; it is closed then
   */
  void open() throws IOException, TimeoutException {
    try {
      connect();
    } catch (IOException | TimeoutException | RuntimeException e) {
      close(Duration.ZERO);
      throw e;
    }
    keepOpen();
  }

  /** Connects as soon as possible, and whenever it is lost; returns at once. */
  void keepOpen() {
    thread.scheduleWithFixedDelay(this::check, 0, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Does this over and over, on the thread that connects. */
  void every(Duration interval, Runnable task) {
    thread.scheduleWithFixedDelay(
        task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void check() {
    boolean open = connection != null && connection.isOpen();
    if (closing || (open && channels.stream().allMatch(Channel::isOpen))) {
      return;
    }
    try {
      connect();
      said.over();
      LOG.info("{}: connected to the broker at {}", name, broker);
    } catch (IOException | TimeoutException | RuntimeException e) {
      String problem = AmqpErrors.describe(e);
      if (said.isNew(problem)) {
        LOG.warn("{}: broker at {}: {}. Trying again until it works", name, broker, problem);
      }
    }
  }

  private synchronized void connect() throws IOException, TimeoutException {
    abort();
    connection = broker.connect(name);
    try {
      channels = setUp.on(connection);
    } catch (IOException | RuntimeException e) {
      abort();
      throw e;
    }
  }

  private static void abort(Channel channel) {
    try {
      channel.abort();
    } catch (IOException e) {
      // it is gone: that is what was wanted
    }
  }

  private void abort() {
    if (connection != null) {
      connection.abort(ABORT_MILLIS);
    }
  }

  /** Consumes a queue on this channel. */
  void consume(Channel channel, String queue, int prefetch, Receiver receiver) throws IOException {
    channel.basicQos(prefetch);
    channel.basicConsume(
        queue,
        false,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            receive(channel, new Delivery(queue, envelope, properties, body), receiver);
          }

          @Override
          public void handleCancel(String tag) {
            // the queue was deleted: it is declared again with the connection
            abort(channel);
          }
        });
  }

  /** What is not handled goes back to its queue with its channel. */
  private void receive(Channel channel, Delivery delivery, Receiver receiver) {
    inHand.lock();
    try {
      if (!closing && channel.isOpen()) {
        receiver.receive(channel, delivery);
      }
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      LOG.debug("{}: lost the broker while a delivery was in hand", name, e);
      abort(channel);
    } finally {
      inHand.unlock();
    }
  }

  boolean isClosing() {
    return closing;
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }

  /**
   * Takes nothing more, lets what is in hand end if that takes no longer than this, disconnects.
   */
  void close(Duration patience) {
    closing = true;
    try {
      if (inHand.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        inHand.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
    synchronized (this) {
      abort();
    }
  }
}
