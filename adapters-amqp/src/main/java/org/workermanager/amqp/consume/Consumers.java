package org.workermanager.amqp.consume;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.connection.InboundLimit;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.amqp.publish.ConfirmedPublisher;
import org.workermanager.amqp.wire.DeadLetterReader;
import org.workermanager.amqp.wire.HeartbeatReader;
import org.workermanager.amqp.wire.MessageReader;
import org.workermanager.amqp.wire.ReplyReader;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.amqp.wire.SubmissionReader;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.Leftover;
import org.workermanager.domain.WorkerManager;

/**
 * The consumers of a manager instance's queues, one channel and one thread each, all running or
 * none.
 */
final class Consumers {

  private final Connection connection;
  private final ConfirmedPublisher publisher;
  private final SetAsideWriter setAside;
  private final int prefetch;
  private final InboundLimit limit;
  private final MessageLimits limits;
  private final boolean brokerForgetsMarks;
  private final Consumer<Throwable> trouble;
  private final List<BatchConsumer> all = new ArrayList<>();

  /**
   * @param brokerForgetsMarks whether the broker may have been restarted, and does not remember
   *     then what it had delivered
   */
  Consumers(
      Connection connection,
      ConfirmedPublisher publisher,
      SetAsideWriter setAside,
      int prefetch,
      InboundLimit limit,
      MessageLimits limits,
      boolean brokerForgetsMarks,
      Consumer<Throwable> trouble) {
    this.connection = connection;
    this.publisher = publisher;
    this.setAside = setAside;
    this.prefetch = prefetch;
    this.limit = limit;
    this.limits = limits;
    this.brokerForgetsMarks = brokerForgetsMarks;
    this.trouble = trouble;
  }

  /** The queues that an instance consumes. */
  static List<String> queues(String instance) {
    return List.of(
        WireNames.heartbeatQueue(instance),
        WireNames.REPLY_QUEUE,
        WireNames.REQUEST_DEAD_LETTERS,
        WireNames.REQUEST_QUEUE);
  }

  /**
   * Claims the instance's id, by consuming its heartbeats. This comes first also because requests
   * are routed by them.
   *
   * @throws InstanceInUseException when another process consumes this instance's heartbeats
   */
  void claim(WorkerManager manager, String instance) throws IOException {
    try {
      start(
          WireNames.heartbeatQueue(instance),
          true,
          new HeartbeatReader(limits),
          (beats, inHand) -> {
            manager.heartbeats(beats);
            return List.of();
          });
    } catch (IOException e) {
      throw InstanceInUseException.orSame(e, instance);
    }
  }

  /** Starts what {@link #claim} has not. */
  void start(WorkerManager manager) throws IOException {
    start(WireNames.REPLY_QUEUE, new ReplyReader(limits), manager::replies);
    start(WireNames.REQUEST_DEAD_LETTERS, new DeadLetterReader(limits), manager::deadLetters);
    start(WireNames.REQUEST_QUEUE, new SubmissionReader(limits), manager::submit);
  }

  private <T> void start(
      String queue,
      MessageReader<T> reader,
      BiFunction<List<T>, BooleanSupplier, List<Leftover>> process)
      throws IOException {
    start(queue, false, reader, process);
  }

  private <T> void start(
      String queue,
      boolean exclusive,
      MessageReader<T> reader,
      BiFunction<List<T>, BooleanSupplier, List<Leftover>> process)
      throws IOException {
    MessageHandler<T> handler = new MessageHandler<>(reader, process, publisher, setAside);
    BatchConsumer consumer =
        new BatchConsumer(connection, queue, prefetch, limit, handler, trouble);
    all.add(consumer);
    consumer.start(exclusive, brokerForgetsMarks ? messagesIn(queue) : 0);
  }

  private long messagesIn(String queue) throws IOException {
    Channel channel = Channels.open(connection);
    try {
      return channel.messageCount(queue);
    } finally {
      channel.abort();
    }
  }

  /** Stops all, letting each finish the batch it has in hand, for this long altogether. */
  void stop(Duration patience) {
    all.forEach(BatchConsumer::stop);
    long deadline = System.nanoTime() + patience.toNanos();
    all.forEach(consumer -> consumer.awaitEnd(Duration.ofNanos(deadline - System.nanoTime())));
  }
}
