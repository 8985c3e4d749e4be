package org.workermanager.amqp.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.Delivery;
import org.workermanager.amqp.wire.JsonBody;
import org.workermanager.amqp.wire.UnreadableMessageException;
import org.workermanager.amqp.wire.WireNames;

/**
 * Submits requests and hears the responses (PROTOCOL sections 2 and 7). Thread-safe. It does not
 * connect again by itself: when {@link #submit} fails, make another; the responses wait in the
 * queue meanwhile.
 */
public final class Requester implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Requester.class);

  private static final int PERSISTENT = 2;
  private static final int PREFETCH = 500;
  private static final long CONFIRM_MILLIS = 30_000;

  private final Connection connection;
  private final Channel submissions;

  /** Declares this requester's queue, and names it. */
  @FunctionalInterface
  private interface QueueDeclaration {
    String on(Connection connection) throws IOException;
  }

  private Requester(Connection connection, Channel submissions) {
    this.connection = connection;
    this.submissions = submissions;
  }

  /**
   * Connects and begins to listen.
   *
   * @param queue this requester's own; it stays when the requester goes, and gets every requester's
   *     responses
   * @param listener is told each response, on one thread; it is acknowledged when the listener
   *     returns
   * @throws IOException when the broker cannot be reached or refuses
   */
  public static Requester connect(
      BrokerAddress broker, String queue, Consumer<ResponseMessage> listener)
      throws IOException, TimeoutException {
    requireNonNull(queue, "queue");
    return connect(
        broker,
        connection -> {
          Topology.declareResponses(connection, queue);
          return queue;
        },
        listener);
  }

  /**
   * The same with a queue that goes with the connection: nothing is heard of what happens while it
   * is away.
   */
  public static Requester connectTemporarily(
      BrokerAddress broker, Consumer<ResponseMessage> listener)
      throws IOException, TimeoutException {
    return connect(broker, Topology::declareTemporaryResponses, listener);
  }

  private static Requester connect(
      BrokerAddress broker, QueueDeclaration declaration, Consumer<ResponseMessage> listener)
      throws IOException, TimeoutException {
    requireNonNull(listener, "listener");
    Connection connection = broker.connect("requester");
    try {
      Topology.USUAL.declareRequests(connection);
      String queue = declaration.on(connection);
      Channel responses = connection.createChannel();
      responses.basicQos(PREFETCH);
      responses.basicConsume(
          queue,
          false,
          new DefaultConsumer(responses) {
            @Override
            public void handleDelivery(
                String tag, Envelope envelope, BasicProperties properties, byte[] body)
                throws IOException {
              hear(new Delivery(queue, envelope, properties, body), listener);
              responses.basicAck(envelope.getDeliveryTag(), false);
            }
          });
      Channel submissions = connection.createChannel();
      submissions.confirmSelect();
      return new Requester(connection, submissions);
    } catch (IOException | RuntimeException e) {
      connection.abort();
      throw e;
    }
  }

  private static void hear(Delivery delivery, Consumer<ResponseMessage> listener) {
    try {
      ObjectNode body = JsonBody.readObject(delivery.body());
      List<String> messages = new ArrayList<>();
      body.path("messages").forEach(message -> messages.add(message.asText()));
      JsonNode content = body.path("content");
      listener.accept(
          new ResponseMessage(
              body.path("state").asText(),
              delivery.text(WireNames.TENANT),
              delivery.text(WireNames.REQUEST_ID),
              delivery.text(WireNames.OWNER),
              delivery.text(WireNames.SESSION),
              delivery.text(WireNames.CONTENT_TYPE),
              delivery.text(WireNames.WORKER_ID),
              messages,
              content.isTextual() ? Base64.getDecoder().decode(content.textValue()) : null));
    } catch (UnreadableMessageException e) {
      LOG.warn("A response that cannot be read: {}", e.getMessage());
    }
  }

  /**
   * Submits requests, and returns when the broker has taken them all.
   *
   * @throws IOException when it has not: then any of them may have been submitted or not
   */
  public synchronized void submit(List<RequestMessage> requests)
      throws IOException, TimeoutException {
    for (RequestMessage request : requests) {
      submissions.basicPublish(
          WireNames.REQUEST_EXCHANGE, "", properties(request), request.content());
    }
    try {
      submissions.waitForConfirmsOrDie(CONFIRM_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the broker", e);
    }
  }

  private static BasicProperties properties(RequestMessage request) {
    return new BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .priority(request.priority())
        .headers(
            Map.of(
                WireNames.TENANT, request.tenant(),
                WireNames.REQUEST_ID, request.requestId(),
                WireNames.OWNER, request.owner(),
                WireNames.SESSION, request.session(),
                WireNames.CONTENT_TYPE, request.contentType()))
        .build();
  }

  /** Disconnects. */
  @Override
  public void close() {
    connection.abort();
  }
}
