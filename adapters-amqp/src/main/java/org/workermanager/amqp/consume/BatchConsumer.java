package org.workermanager.amqp.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.connection.InboundLimit;
import org.workermanager.amqp.wire.Delivery;

/**
 * Consumes one queue in batches: whatever has arrived while the last batch was handled makes the
 * next one. So a single message does not wait for others, and many share the cost.
 *
 * <p>A batch is acknowledged when its handler returns, but for what that defers, which goes first
 * into the next batch, however often, and what it rejects. When the handler throws, or anything
 * else goes wrong, nothing is acknowledged, the trouble is reported once, and no further batch is
 * handled: whoever started it then stops it, which hands the deliveries back.
 */
final class BatchConsumer {

  private static final int MAX_MESSAGES = 1_000;
  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final long POLL_MILLIS = 100;

  private static final int FEW = 20;

  /** How long to wait with what is deferred; twice as long each time in a row. */
  private static final long FIRST_PAUSE_MILLIS = 5;

  private final String queue;
  private final BiFunction<List<Delivery>, BooleanSupplier, Handled> handler;
  private final Consumer<Throwable> trouble;
  private final BlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();
  private final Connection connection;
  private final int prefetch;
  private final InboundLimit limit;
  private final Thread lane;

  /** How many of the next messages are to be marked. */
  private final AtomicLong toMark = new AtomicLong();

  /** Stays, as its share does, once the lane has started. */
  private Channel channel;

  private InboundLimit.Share share;

  /** Of the lane, once that has started. */
  private List<Delivery> deferred = List.of();

  private volatile boolean stopping;

  /**
   * @param prefetch how many messages the broker delivers ahead of their acknowledgement
   * @param limit the connection's
   * @param handler says what to do with the deliveries of a batch; also gets what tells whether
   *     they are still in hand: once the channel is closed the broker gives them to others
   * @param trouble told at most once, on any thread
   */
  BatchConsumer(
      Connection connection,
      String queue,
      int prefetch,
      InboundLimit limit,
      BiFunction<List<Delivery>, BooleanSupplier, Handled> handler,
      Consumer<Throwable> trouble)
      throws IOException {
    this.queue = queue;
    this.handler = handler;
    this.trouble = trouble;
    this.connection = connection;
    this.prefetch = prefetch;
    this.limit = limit;
    open();
    lane = new Thread(this::run, "worker-manager " + queue.substring(queue.lastIndexOf('.') + 1));
    lane.setDaemon(true);
  }

  private void open() throws IOException {
    channel = Channels.open(connection);
    share = limit.share(channel.getChannelNumber());
    channel.basicQos(prefetch);
  }

  /**
   * Begins; fails as the handler does.
   *
   * @param exclusive whether the broker is to refuse anybody else who consumes the queue
   * @param unmarked how many of the first messages may have been delivered before though the broker
   *     does not say so
   */
  void start(boolean exclusive, long unmarked) throws IOException {
    toMark.set(unmarked);
    if (!exclusive) {
      tryFew();
    }
    lane.start();
    channel.basicConsume(
        queue,
        false,
        "",
        false,
        exclusive,
        Map.of(),
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            if (!stopping) {
              arrived.add(delivery(envelope, properties, body));
            }
          }

          @Override
          public void handleCancel(String tag) {
            fail(new IOException("The queue " + queue + " was deleted"));
          }

          @Override
          public void handleShutdownSignal(String tag, ShutdownSignalException cause) {
            fail(cause);
          }
        });
  }

  private Delivery delivery(Envelope envelope, BasicProperties properties, byte[] body) {
    Delivery delivery = new Delivery(queue, envelope, properties, body);
    boolean mark = toMark.get() > 0 && toMark.getAndDecrement() > 0;
    return mark ? delivery.markedRedelivered() : delivery;
  }

  /**
   * Handles a few messages, one by one, before others are asked for. That nothing can be kept now,
   * for the database is full, say, is found out with these, and not with all that the broker would
   * deliver ahead and get back. One is not enough: there may be room for that.
   */
  private void tryFew() throws IOException {
    for (int i = 0; i < FEW && deferred.isEmpty(); i++) {
      GetResponse got = next();
      if (got == null) {
        return;
      }
      handle(List.of(delivery(got.getEnvelope(), got.getProps(), got.getBody())));
    }
  }

  /** Null if there is none, or the broker delivers this queue's messages to consumers only. */
  private GetResponse next() throws IOException {
    try {
      return channel.basicGet(queue, false);
    } catch (IOException e) {
      // so RabbitMQ says of a quorum queue with a single active consumer
      if (AmqpErrors.channelCloseCode(e) != AMQP.RESOURCE_LOCKED) {
        throw e;
      }
      share.close();
      open();
      return null;
    }
  }

  private void run() {
    long pauseMillis = POLL_MILLIS;
    try {
      while (!stopping) {
        List<Delivery> batch = nextBatch(pauseMillis);
        if (!batch.isEmpty()) {
          boolean again = !deferred.isEmpty();
          handle(batch);
          pauseMillis = pause(again ? 2 * pauseMillis : FIRST_PAUSE_MILLIS);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(List<Delivery> batch) throws IOException {
    Handled handled = handler.apply(batch, channel::isOpen);
    deferred = handled.deferred();
    reject(handled.rejected());
    acknowledge(batch, handled);
  }

  private long pause(long withDeferredMillis) {
    return deferred.isEmpty() ? POLL_MILLIS : Math.min(POLL_MILLIS, withDeferredMillis);
  }

  /** What was deferred, and what has arrived. */
  private List<Delivery> nextBatch(long pauseMillis) throws InterruptedException {
    List<Delivery> batch = new ArrayList<>(deferred);
    int most = deferred.size() + MAX_MESSAGES;
    Delivery next = arrived.poll(pauseMillis, TimeUnit.MILLISECONDS);
    long bytes = 0;
    while (next != null && !stopping) {
      batch.add(next);
      bytes += next.body().length;
      next = batch.size() < most && bytes < MAX_BYTES ? arrived.poll() : null;
    }
    return batch;
  }

  private void reject(List<Delivery> rejected) throws IOException {
    for (Delivery delivery : rejected) {
      channel.basicReject(delivery.envelope().getDeliveryTag(), false);
    }
  }

  private void acknowledge(List<Delivery> batch, Handled handled) throws IOException {
    Set<Delivery> others = Collections.newSetFromMap(new IdentityHashMap<>());
    others.addAll(handled.deferred());
    others.addAll(handled.rejected());
    long bytes = 0;
    for (Delivery delivery : batch) {
      if (!others.contains(delivery)) {
        bytes += delivery.body().length;
        if (!others.isEmpty()) {
          channel.basicAck(delivery.envelope().getDeliveryTag(), false);
        }
      }
    }
    if (others.isEmpty()) {
      // the deferred ones of the last batch come first and are the oldest
      channel.basicAck(batch.get(batch.size() - 1).envelope().getDeliveryTag(), true);
    }
    share.handled(bytes);
  }

  private void fail(Throwable cause) {
    if (!stopping) {
      stop();
      trouble.accept(cause);
    }
  }

  /** Takes no further batch. */
  void stop() {
    stopping = true;
    arrived.clear();
    share.close();
  }

  /**
   * Waits until the batch in hand is done, if that takes no longer than this; what the broker
   * delivered and nobody handled goes back to the queue.
   */
  void awaitEnd(Duration patience) {
    try {
      lane.join(Math.max(1, patience.toMillis()));
      channel.abort();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // it is gone: that is what was wanted
    }
  }
}
