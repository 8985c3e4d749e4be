package org.workermanager.amqp.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.MessageWriter;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.routing.Position;

@ParameterizedClass
@EnumSource(TestBroker.class)
class ConfirmedPublisherTest {

  private static final String WORKER = "Publisher.Tested";
  private static final String QUEUE = "regards.worker.publisher.tested.request";
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
    RequestState state =
        RequestState.NEW
            .steppedOn(headers, Fingerprint.of(new byte[32]))
            .dispatched(Position.START, WORKER, DISPATCH);
    return new HeldRequest(
        new Request(
            new RequestKey("t", id),
            "owner",
            "session",
            "type",
            5,
            Instant.EPOCH,
            Fingerprint.of(new byte[32]),
            state),
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
        List.of(), publisher.dispatch(List.of(request("1", "body", Map.of("extra", "value")))));

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
    assertEquals(List.of(), publisher.dispatch(requests));
    assertEquals(ids, published());
  }

  @Test
  void aDeletedQueueIsDeclaredAgain() throws Exception {
    publisher.dispatch(List.of(request("1")));
    channel.queueDelete(QUEUE);
    assertEquals(List.of(), publisher.dispatch(List.of(request("2"), request("3"))));
    assertEquals(List.of("2", "3"), published());
  }

  @Test
  void aDeletedExchangeIsDeclaredAgain() throws Exception {
    publisher.dispatch(List.of(request("1")));
    published();
    channel.exchangeDelete(QUEUE);
    assertEquals(List.of(), publisher.dispatch(List.of(request("2"), request("3"))));
    // it is not known which of the batch came through before: here none
    assertEquals(List.of("2", "3"), published());
  }

  @Test
  void aQueueThatRefusesIsSaidAndTheRestGoesOn() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker has no such queues");
    channel.exchangeDeclare(QUEUE, "topic", true);
    channel.queueDeclare(
        QUEUE, true, false, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    channel.queueBind(QUEUE, QUEUE, "#");
    List<Refused<HeldRequest>> refused =
        publisher.dispatch(List.of(request("1"), request("2"), request("3")));
    assertTrue(ids(refused).contains("3"), refused::toString);
    assertTrue(refused.get(0).reason().contains("full"), refused::toString);
    assertEquals(List.of("1"), published().subList(0, 1));
    assertEquals(List.of(), publisher.dispatch(List.of(request("4"))));
  }

  @Test
  void headersTooBigForAFrameAreRefusedAlone() throws Exception {
    HeldRequest big = request("big", "", Map.of("long", "x".repeat(200_000)));
    assertEquals(List.of("big"), ids(publisher.dispatch(List.of(request("1"), big, request("2")))));
    assertTrue(published().containsAll(List.of("1", "2")));
  }

  @Test
  void withoutAConnectionTheBrokerIsUnavailable() {
    publisher.use(null);
    assertThrows(BrokerUnavailableException.class, () -> publisher.dispatch(List.of(request("1"))));
  }

  @Test
  void aLostConnectionIsTheBrokersFaultAndNoMessages() throws Exception {
    try (CuttableProxy proxy = new CuttableProxy(broker.uri())) {
      Connection weak = BrokerAddress.parse(proxy.uri()).connect("weak");
      publisher.use(weak);
      publisher.dispatch(List.of(request("1")));
      proxy.cut();
      assertThrows(
          BrokerUnavailableException.class,
          () -> {
            publisher.dispatch(List.of(request("2")));
            publisher.dispatch(List.of(request("3")));
          });
      Eventually.get("the loss to be noticed", () -> weak.isOpen() ? null : weak);
      publisher.use(connection);
      assertEquals(List.of(), publisher.dispatch(List.of(request("4"))));
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
}
