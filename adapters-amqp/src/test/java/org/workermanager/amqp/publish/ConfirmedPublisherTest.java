package org.workermanager.amqp.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.CuttableProxy;
import org.workermanager.amqp.Eventually;
import org.workermanager.amqp.TestBroker;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.QueueArgument;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.MessageWriter;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.routing.Position;

@ParameterizedClass
@EnumSource(TestBroker.class)
class ConfirmedPublisherTest {

  private static final BooleanSupplier ALLOWED = () -> true;
  private static final String WORKER = "Publisher.Tested";
  private static final String QUEUE = "regards.worker.publisher.tested.request";
  private static final String OTHER_WORKER = "Publisher.Other";
  private static final String OTHER_QUEUE = "regards.worker.publisher.other.request";
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final UUID DISPATCH = new UUID(0, 1);

  @Parameter private TestBroker broker;

  private Connection connection;
  private Channel channel;
  private final ConfirmedPublisher publisher =
      new ConfirmedPublisher(
          new MessageWriter("test", CLOCK),
          new SetAsideWriter("tester"),
          Topology.USUAL,
          Duration.ofSeconds(20));

  @BeforeEach
  void connect() throws Exception {
    forget();
    connection = broker.connect();
    channel = connection.createChannel();
    publisher.use(connection);
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.abort();
    forget();
  }

  private void forget() throws Exception {
    broker.deleteQueues(QUEUE);
    broker.deleteExchanges(QUEUE);
  }

  private static HeldRequest request(String id, String content, Map<String, String> headers) {
    return request(id, WORKER, content, headers);
  }

  private static HeldRequest request(
      String id, String worker, String content, Map<String, String> headers) {
    RequestState state =
        RequestState.NEW
            .steppedOn(headers, Fingerprint.of(new byte[32]))
            .dispatched(Position.START, worker, DISPATCH);
    return new HeldRequest(
        new Request(
            new RequestKey("t", id),
            "owner",
            "session",
            "type",
            5,
            Instant.EPOCH,
            Fingerprint.of(new byte[32]),
            state,
            List.of()),
        Content.of(content.getBytes(UTF_8)));
  }

  private static HeldRequest request(String id) {
    return request(id, id, Map.of());
  }

  /** What is on the worker's queue, by request id. */
  private List<String> published() throws Exception {
    List<String> ids = new ArrayList<>();
    GetResponse got = channel.basicGet(QUEUE, true);
    while (got != null) {
      ids.add(got.getProps().getHeaders().get("regards.request.id").toString());
      got = channel.basicGet(QUEUE, true);
    }
    return ids;
  }

  private static List<String> ids(List<Refused<HeldRequest>> refused) {
    return refused.stream().map(each -> each.message().request().key().requestId()).toList();
  }

  @Test
  void aDispatchGoesToAQueueThatNobodyDeclaredYet() throws Exception {
    assertEquals(
        List.of(),
        publisher.dispatch(List.of(request("1", "body", Map.of("extra", "value"))), ALLOWED));

    GetResponse got = channel.basicGet(QUEUE, true);
    BasicProperties properties = got.getProps();
    assertEquals("body", new String(got.getBody(), UTF_8));
    assertEquals("value", properties.getHeaders().get("extra").toString());
    assertEquals(
        DISPATCH.toString(), properties.getHeaders().get("worker-manager.dispatch").toString());
    assertEquals(5, properties.getPriority());
    assertEquals(2, properties.getDeliveryMode());
    assertEquals("test", properties.getAppId());
    assertEquals("application/json", properties.getContentType());
  }

  @Test
  void manyAreInFlightAndInOrder() throws Exception {
    List<String> ids = IntStream.range(0, 1_000).mapToObj(i -> "r" + i).toList();
    List<HeldRequest> requests = ids.stream().map(ConfirmedPublisherTest::request).toList();
    assertEquals(List.of(), publisher.dispatch(requests, ALLOWED));
    assertEquals(ids, published());
  }

  @Test
  void aDeletedQueueIsDeclaredAgain() throws Exception {
    publisher.dispatch(List.of(request("1")), ALLOWED);
    channel.queueDelete(QUEUE);
    assertEquals(List.of(), publisher.dispatch(List.of(request("2"), request("3")), ALLOWED));
    assertEquals(List.of("2", "3"), published());
  }

  @Test
  void aDeletedExchangeIsDeclaredAgain() throws Exception {
    publisher.dispatch(List.of(request("1")), ALLOWED);
    published();
    channel.exchangeDelete(QUEUE);
    assertEquals(List.of(), publisher.dispatch(List.of(request("2"), request("3")), ALLOWED));
    assertEquals(List.of("2", "3"), published());
  }

  @Test
  void aMissingExchangeIsNoTroubleOfOtherWorkers() throws Exception {
    publisher.dispatch(List.of(request("1", OTHER_WORKER, "", Map.of())), ALLOWED);
    channel.exchangeDelete(OTHER_QUEUE);
    List<HeldRequest> mixed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      mixed.add(request("r" + i, i == 5 ? OTHER_WORKER : WORKER, "", Map.of()));
    }
    assertEquals(List.of(), publisher.dispatch(mixed, ALLOWED));
    assertEquals(
        List.of("r0", "r1", "r2", "r3", "r4", "r6", "r7", "r8", "r9"), published(), "once each");
    broker.deleteQueues(OTHER_QUEUE);
  }

  @Test
  void aRefusedResponseIsSetAside() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker has no such queues");
    broker.deleteQueues("full.requester", WireNames.DEAD_LETTER_QUEUE);
    Topology.USUAL.declareForManager(connection, "publisher", Duration.ofMinutes(1));
    channel.queueDeclare(
        "full.requester",
        true,
        false,
        false,
        Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
    channel.queueBind("full.requester", WireNames.RESPONSE_EXCHANGE, "");
    Response response = Response.about(request("1"));
    List<Refused<Response>> refused = publisher.respond(List.of(response), ALLOWED);
    broker.deleteQueues("full.requester", WireNames.heartbeatQueue("publisher"));

    assertEquals(1, refused.size());
    GetResponse aside = channel.basicGet(WireNames.DEAD_LETTER_QUEUE, true);
    Map<String, Object> headers = aside.getProps().getHeaders();
    assertEquals("1", headers.get("regards.request.id").toString());
    assertTrue(headers.get("x-exception-message").toString().contains("full"), headers::toString);
    assertEquals(WireNames.RESPONSE_EXCHANGE, headers.get("x-original-exchange").toString());
  }

  @Test
  void aQueueThatCannotBeDeclaredIsNoTroubleOfOtherWorkers() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker takes any arguments");
    channel.exchangeDeclare(OTHER_QUEUE, "topic", true);
    channel.queueDeclare(OTHER_QUEUE, true, false, false, null);
    // what exists is used as it is, and what does not cannot be made
    ConfirmedPublisher wrong =
        new ConfirmedPublisher(
            new MessageWriter("test", CLOCK),
            new SetAsideWriter("tester"),
            new Topology(List.of(QueueArgument.parse("workers:x-max-priority=300"))),
            Duration.ofSeconds(20));
    wrong.use(connection);
    List<Refused<HeldRequest>> refused =
        wrong.dispatch(List.of(request("1"), request("2", OTHER_WORKER, "", Map.of())), ALLOWED);
    assertEquals(List.of("1"), ids(refused));
    assertTrue(
        refused.get(0).reason().contains("queue arguments that were set"), refused::toString);
    assertEquals(1, channel.messageCount(OTHER_QUEUE));
    broker.deleteQueues(OTHER_QUEUE);
  }

  @Test
  void aQueueThatRefusesIsSaidAndTheRestGoesOn() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker has no such queues");
    channel.exchangeDeclare(QUEUE, "topic", true);
    channel.queueDeclare(
        QUEUE, true, false, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    channel.queueBind(QUEUE, QUEUE, "#");
    List<Refused<HeldRequest>> refused =
        publisher.dispatch(List.of(request("1"), request("2"), request("3")), ALLOWED);
    assertTrue(ids(refused).contains("3"), refused::toString);
    assertTrue(refused.get(0).reason().contains("full"), refused::toString);
    assertEquals(List.of("1"), published().subList(0, 1));
    assertEquals(List.of(), publisher.dispatch(List.of(request("4")), ALLOWED));
  }

  @Test
  void headersTooBigForAFrameAreRefusedAlone() throws Exception {
    HeldRequest big = request("big", "", Map.of("long", "x".repeat(200_000)));
    assertEquals(
        List.of("big"), ids(publisher.dispatch(List.of(request("1"), big, request("2")), ALLOWED)));
    assertEquals(List.of("1", "2"), published());
  }

  @Test
  void withoutAConnectionTheBrokerIsUnavailable() {
    publisher.use(null);
    assertThrows(
        BrokerUnavailableException.class, () -> publisher.dispatch(List.of(request("1")), ALLOWED));
  }

  @Test
  void aLostConnectionIsTheBrokersFaultAndNoMessages() throws Exception {
    try (CuttableProxy proxy = new CuttableProxy(broker.uri())) {
      Connection weak = BrokerAddress.parse(proxy.uri()).connect("weak");
      publisher.use(weak);
      publisher.dispatch(List.of(request("1")), ALLOWED);
      proxy.cut();
      assertThrows(
          BrokerUnavailableException.class,
          () -> {
            publisher.dispatch(List.of(request("2")), ALLOWED);
            publisher.dispatch(List.of(request("3")), ALLOWED);
          });
      Eventually.get("the loss to be noticed", () -> weak.isOpen() ? null : weak);
      publisher.use(connection);
      assertEquals(List.of(), publisher.dispatch(List.of(request("4")), ALLOWED));
    }
  }

  @Test
  void aWorkersQueueTellsItsMessagesAndConsumers() throws Exception {
    assertEquals(QueueState.EMPTY, publisher.workerQueue(WORKER));
    publisher.dispatch(List.of(request("1"), request("2")), ALLOWED);
    assertEquals(new QueueState(2, 0), publisher.workerQueue(WORKER));
    Channel worker = connection.createChannel();
    worker.basicQos(1);
    String tag = worker.basicConsume(QUEUE, false, (t, m) -> {}, t -> {});
    // of the two, RabbitMQ does not count the one that the worker has not acknowledged
    awaitQueue(new QueueState(broker.isRabbitMq() ? 1 : 2, 1));
    worker.basicCancel(tag);
    worker.close();
    awaitQueue(new QueueState(2, 0));
  }

  private void awaitQueue(QueueState state) throws Exception {
    Eventually.get(
        state.toString(), () -> publisher.workerQueue(WORKER).equals(state) ? state : null);
  }

  @Test
  void aQueueThatIsSomebodysAloneIsNotTakenForDeserted() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded one drops the connection of who looks");
    try (Connection other = broker.connect();
        Channel worker = other.createChannel()) {
      worker.queueDeclare(QUEUE, false, true, true, null);
      assertFalse(publisher.workerQueue(WORKER).isDeserted());
    }
  }

  @Test
  void otherMessagesArePublishedToo() throws Exception {
    String queue = channel.queueDeclare().getQueue();
    BasicProperties properties = new BasicProperties.Builder().headers(Map.of()).build();
    OutgoingMessage message =
        new OutgoingMessage("", queue, false, properties, "any".getBytes(UTF_8));
    assertEquals(List.of(), publisher.publish(List.of(message)));
    assertEquals("any", new String(channel.basicGet(queue, true).getBody(), UTF_8));
  }

  @Test
  void nothingIsPublishedOnceItIsNotAllowedAnyMore() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    BrokerUnavailableException reason =
        assertThrows(
            BrokerUnavailableException.class,
            () ->
                publisher.dispatch(
                    List.of(request("1"), request("2"), request("3")),
                    () -> asked.incrementAndGet() < 3));
    assertTrue(reason.getMessage().startsWith("It took too long to publish"), reason::getMessage);
    assertEquals(3, asked.get());
    assertEquals(List.of(), publisher.dispatch(List.of(request("4")), ALLOWED));
    List<String> ids = new ArrayList<>();
    Eventually.get(
        "what was published before",
        () -> {
          ids.addAll(published());
          return ids.size() < 3 ? null : ids;
        });
    assertEquals(Set.of("1", "2", "4"), Set.copyOf(ids));
  }

  private Reference<OutgoingMessage> publishedResponse() {
    BasicProperties properties = new BasicProperties.Builder().headers(Map.of()).build();
    OutgoingMessage message =
        new OutgoingMessage(WireNames.RESPONSE_EXCHANGE, "", false, properties, new byte[1_000]);
    assertEquals(List.of(), publisher.publish(List.of(message)));
    return new WeakReference<>(message);
  }

  @Test
  void whatIsPublishedIsNotHeldOnTo() throws Exception {
    Topology.declareTemporaryResponses(connection);
    Reference<OutgoingMessage> published = publishedResponse();
    Eventually.get(
        "the message to be forgotten",
        () -> {
          System.gc();
          return published.refersTo(null) ? true : null;
        });
  }
}
