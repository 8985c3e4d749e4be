package org.workermanager.amqp.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.Channels;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.Delivery;
import org.workermanager.amqp.wire.JsonReader;
import org.workermanager.amqp.wire.UnreadableMessageException;
import org.workermanager.amqp.wire.WireNames;

/**
 * Submits requests and hears the responses (PROTOCOL sections 2 and 7). Thread-safe.
 *
 * <p>When the connection is lost it connects again, for ever; meanwhile {@link #submit} fails.
 * Until it is closed it keeps the process alive.
 */
public final class Requester implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Requester.class);

  /** What a manager sends is trusted to have a sensible size. */
  private static final JsonReader JSON =
      new JsonReader(MessageLimits.USUAL.with(MessageLimit.JSON_TEXT, Integer.MAX_VALUE));

  private static final int PERSISTENT = 2;
  private static final int PREFETCH = 500;
  private static final long CONFIRM_MILLIS = 30_000;
  private static final long PAUSE_MILLIS = 1_000;

  /** Declares this requester's queue, and names it. */
  @FunctionalInterface
  private interface QueueDeclaration {
    String on(Connection connection) throws IOException;
  }

  private final QueueDeclaration declaration;
  private final Consumer<ResponseMessage> listener;
  private final LastingConnection connection;
  private volatile Channel submissions;

  private Requester(
      BrokerAddress broker, QueueDeclaration declaration, Consumer<ResponseMessage> listener) {
    this.declaration = declaration;
    this.listener = requireNonNull(listener, "listener");
    this.connection = new LastingConnection(broker, "requester", this::setUp);
  }

  /**
   * Connects and begins to listen.
   *
   * @param queue this requester's own; it stays when the requester goes, and gets every requester's
   *     responses
   * @param listener is told each response, one at a time; a response is acknowledged when the
   *     listener returns. When it throws it is called again with the same response after a second,
   *     until it returns
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
    Requester requester = new Requester(requireNonNull(broker, "broker"), declaration, listener);
    requester.connection.open();
    return requester;
  }

  private List<Channel> setUp(Connection opened) throws IOException {
    Topology.USUAL.declareRequests(opened);
    Channel responses = Channels.open(opened);
    connection.consume(responses, declaration.on(opened), PREFETCH, this::hear);
    Channel confirmed = Channels.open(opened);
    confirmed.confirmSelect();
    submissions = confirmed;
    return List.of(responses, confirmed);
  }

  private void hear(Channel channel, Delivery delivery) throws IOException {
    try {
      ResponseMessage response = read(delivery);
      while (!isHeard(response)) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        if (connection.isClosing() || !channel.isOpen()) {
          return;
        }
      }
    } catch (UnreadableMessageException e) {
      LOG.warn("A response that cannot be read: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    channel.basicAck(delivery.envelope().getDeliveryTag(), false);
  }

  private boolean isHeard(ResponseMessage response) {
    try {
      listener.accept(response);
      return true;
    } catch (RuntimeException e) {
      LOG.warn(
          "The listener failed on a response about request {}; it is told again",
          response.requestId(),
          e);
      return false;
    }
  }

  private static ResponseMessage read(Delivery delivery) throws UnreadableMessageException {
    ObjectNode body = JSON.readObject(delivery.body());
    List<String> messages = new ArrayList<>();
    body.path("messages").forEach(message -> messages.add(message.asText()));
    return new ResponseMessage(
        body.path("state").asText(),
        delivery.text(WireNames.TENANT),
        delivery.text(WireNames.REQUEST_ID),
        delivery.text(WireNames.OWNER),
        delivery.text(WireNames.SESSION),
        delivery.text(WireNames.CONTENT_TYPE),
        delivery.text(WireNames.WORKER_ID),
        messages,
        content(body.path("content")));
  }

  private static byte[] content(JsonNode content) throws UnreadableMessageException {
    try {
      return content.isTextual() ? Base64.getDecoder().decode(content.textValue()) : null;
    } catch (IllegalArgumentException e) {
      throw new UnreadableMessageException("its content is not base64: " + e.getMessage());
    }
  }

  /**
   * Submits requests, and returns when the broker has taken them all.
   *
   * @throws IOException when it has not: then any of them may have been submitted or not. When they
   *     are submitted again, one that is still held is answered {@code SKIPPED}, and one that has
   *     finished by then is done once more
   * @throws TimeoutException when it does not answer: then likewise
   */
  public synchronized void submit(List<RequestMessage> requests)
      throws IOException, TimeoutException {
    Channel channel = submissions;
    try {
      for (RequestMessage request : requests) {
        channel.basicPublish(
            WireNames.REQUEST_EXCHANGE, "", properties(request), request.content());
      }
      if (!channel.waitForConfirms(CONFIRM_MILLIS)) {
        throw new IOException("The broker refuses requests: their queue is full or failing");
      }
    } catch (ShutdownSignalException e) {
      throw new IOException("The connection to the broker is lost", e);
    } catch (TimeoutException e) {
      // answers that come later must not be taken for those of other requests
      channel.abort();
      throw e;
    } catch (InterruptedException e) {
      channel.abort();
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
    connection.close();
  }
}
