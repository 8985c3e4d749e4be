package org.workermanager.amqp.client;

import static java.util.Objects.requireNonNull;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.Delivery;
import org.workermanager.amqp.wire.WireNames;

/**
 * A worker instance: beats, takes requests of its type one after the other, and replies (PROTOCOL
 * sections 3 to 5).
 *
 * <p>A request is acknowledged only after the broker has confirmed the reply: a worker that dies in
 * between leaves its request to another, which does it once more.
 *
 * <p>When the connection is lost the worker connects again, for ever; what it had in hand then is
 * done once more, by it or another. Until it is closed it keeps the process alive.
 */
public final class Worker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private static final long CONFIRM_MILLIS = 30_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String workerType;
  private final Function<WorkRequest, WorkResult> handler;
  private final String instance = UUID.randomUUID().toString();
  private final LastingConnection connection;
  private volatile Channel beats;

  /** The last reply that the broker refused; handled by one thread at a time. */
  private RefusedReply refused;

  /**
   * A reply that is too large for the broker costs the channel, and its request comes back: the
   * work must not be done over and over.
   */
  private record RefusedReply(List<String> dispatch, String reason) {

    boolean isTo(Delivery delivery) {
      return delivery.redelivered() && dispatch.equals(dispatch(delivery));
    }

    static List<String> dispatch(Delivery delivery) {
      return Stream.of(WireNames.TENANT, WireNames.REQUEST_ID, WireNames.DISPATCH)
          .map(header -> String.valueOf(delivery.text(header)))
          .toList();
    }
  }

  private Worker(
      BrokerAddress broker, String workerType, Function<WorkRequest, WorkResult> handler) {
    this.workerType = requireNonNull(workerType, "workerType");
    this.handler = requireNonNull(handler, "handler");
    this.connection = new LastingConnection(broker, "worker " + workerType, this::setUp);
  }

  /**
   * Starts a worker instance; returns at once, and connects as soon as that is possible.
   *
   * @param workerType as in the manager's configuration
   * @param heartbeatInterval well below the manager's heartbeat expiry, which is 60 s unless set
   *     otherwise
   * @param handler does the work; called for one request at a time. What it throws makes the
   *     request fail: the requester is told {@code ERROR} with the exception's text
   */
  public static Worker start(
      BrokerAddress broker,
      String workerType,
      Duration heartbeatInterval,
      Function<WorkRequest, WorkResult> handler) {
    requireNonNull(broker, "broker");
    if (heartbeatInterval.isZero() || heartbeatInterval.isNegative()) {
      throw new IllegalArgumentException(
          "the heartbeat interval must be longer than nothing, not " + heartbeatInterval);
    }
    Worker worker = new Worker(broker, workerType, handler);
    worker.connection.keepOpen();
    worker.connection.every(heartbeatInterval, worker::beat);
    return worker;
  }

  private List<Channel> setUp(Connection opened) throws IOException {
    Topology.USUAL.declareForWorker(opened, workerType);
    Channel requests = Channels.open(opened);
    requests.confirmSelect();
    connection.consume(requests, WireNames.workerRequests(workerType), 1, this::work);
    beats = Channels.open(opened);
    beat(beats);
    return List.of(beats, requests);
  }

  private void beat() {
    try {
      if (beats != null) {
        beat(beats);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Worker {} cannot beat now", workerType, e);
    }
  }

  private void beat(Channel channel) throws IOException {
    WorkerMessages.heartbeat(instance, workerType, Instant.now()).publishOn(channel);
  }

  private void work(Channel channel, Delivery delivery) throws IOException, TimeoutException {
    try {
      WorkerMessages.running(delivery).publishOn(channel);
      WorkerMessages.reply(delivery, result(delivery)).publishOn(channel);
      channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
      channel.basicAck(delivery.envelope().getDeliveryTag(), false);
      refused = null;
    } catch (IOException | ShutdownSignalException e) {
      if (AmqpErrors.channelCloseCode(e) == AMQP.PRECONDITION_FAILED) {
        refused = new RefusedReply(RefusedReply.dispatch(delivery), AmqpErrors.describe(e));
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the broker", e);
    }
  }

  private WorkResult result(Delivery delivery) {
    return refused != null && refused.isTo(delivery)
        ? WorkResult.failure("The broker does not take the result: " + refused.reason())
        : handle(WorkerMessages.request(delivery));
  }

  private WorkResult handle(WorkRequest request) {
    try {
      return requireNonNull(handler.apply(request), "the worker's handler returned null");
    } catch (RuntimeException | Error e) {
      // even an error is about this one request, which would come back for ever if it ended the
      // consumer
      LOG.warn("Worker {} failed on request {}", workerType, request.requestId(), e);
      return WorkResult.failure(e.toString());
    }
  }

  /**
   * Takes no more requests, finishes the one in hand if that takes no longer than 30 s, and
   * disconnects. A request that is not finished then goes to another worker.
   */
  @Override
  public void close() {
    connection.close(PATIENCE);
  }
}
