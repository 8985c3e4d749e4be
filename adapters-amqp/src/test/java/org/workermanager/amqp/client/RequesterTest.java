package org.workermanager.amqp.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
import org.workermanager.amqp.wire.WireNames;

/** A requester, whose manager is the test. */
@SuppressWarnings("try") // what is closed is not always spoken to
@ParameterizedClass
@EnumSource(TestBroker.class)
class RequesterTest {

  private static final String QUEUE = "tested.requester";
  private static final int PATIENCE_SECONDS = 20;

  private final BlockingQueue<ResponseMessage> heard = new LinkedBlockingQueue<>();

  @Parameter private TestBroker broker;

  private Connection connection;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    broker.deleteQueues(QUEUE, WireNames.REQUEST_QUEUE);
    connection = broker.connect();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.abort();
    broker.deleteQueues(QUEUE);
  }

  private static RequestMessage request(String id) {
    return new RequestMessage("t", id, "o", "s", "c", 7, ("body of " + id).getBytes(UTF_8));
  }

  private void respond(String json) throws Exception {
    BasicProperties properties =
        new BasicProperties.Builder()
            .headers(
                Map.of(
                    "regards.tenant", "t",
                    "regards.request.id", "1",
                    "regards.request.owner", "o",
                    "regards.worker_id", "W"))
            .build();
    channel.basicPublish(WireNames.RESPONSE_EXCHANGE, "", properties, json.getBytes(UTF_8));
    channel.waitForConfirmsOrDie(PATIENCE_SECONDS * 1000);
  }

  private ResponseMessage response() throws InterruptedException {
    ResponseMessage response = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(response);
    return response;
  }

  @Test
  void itSubmitsRequestsAsTheProtocolWantsThem() throws Exception {
    try (Requester requester = Requester.connect(broker.address(), QUEUE, heard::add)) {
      requester.submit(List.of(request("1"), request("2")));
    }
    for (String id : List.of("1", "2")) {
      GetResponse got = channel.basicGet(WireNames.REQUEST_QUEUE, true);
      assertEquals("body of " + id, new String(got.getBody(), UTF_8));
      assertEquals(2, got.getProps().getDeliveryMode());
      assertEquals(7, got.getProps().getPriority());
      assertEquals(
          "{regards.request.content_type=c, regards.request.id="
              + id
              + ", regards.request.owner=o, regards.request.session=s, regards.tenant=t}",
          new TreeMap<>(got.getProps().getHeaders()).toString());
    }
  }

  @Test
  void itHearsWhatIsInAResponse() throws Exception {
    try (Requester requester = Requester.connectTemporarily(broker.address(), heard::add)) {
      respond("{\"state\":\"SUCCESS\",\"messages\":[\"a\",\"b\"],\"content\":\"b2s=\"}");
      ResponseMessage response = response();
      assertEquals("SUCCESS", response.state());
      assertEquals("t", response.tenant());
      assertEquals("1", response.requestId());
      assertEquals("o", response.owner());
      assertNull(response.session());
      assertEquals("W", response.workerType());
      assertEquals(List.of("a", "b"), response.messages());
      assertArrayEquals("ok".getBytes(UTF_8), response.content());
    }
  }

  @Test
  void anUnreadableResponseIsPassedOver() throws Exception {
    try (Requester requester = Requester.connectTemporarily(broker.address(), heard::add)) {
      respond("no json");
      respond("{\"state\":\"SUCCESS\",\"content\":\"no base64\"}");
      respond("{\"state\":\"GRANTED\"}");
      assertEquals("GRANTED", response().state());
    }
  }

  @Test
  void aListenerThatThrowsIsToldAgain() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (Requester requester =
        Requester.connect(
            broker.address(),
            QUEUE,
            response -> {
              told.add(response.state());
              if (told.size() == 1) {
                throw new IllegalStateException("its database is away");
              }
              heard.add(response);
            })) {
      respond("{\"state\":\"GRANTED\"}");
      respond("{\"state\":\"SUCCESS\"}");
      assertEquals("GRANTED", response().state());
      assertEquals("SUCCESS", response().state());
      assertEquals(List.of("GRANTED", "GRANTED", "SUCCESS"), List.copyOf(told));
    }
  }

  @Test
  void responsesWaitInAQueueOfItsOwn() throws Exception {
    Requester.connect(broker.address(), QUEUE, heard::add).close();
    respond("{\"state\":\"GRANTED\"}");
    try (Requester requester = Requester.connect(broker.address(), QUEUE, heard::add)) {
      assertEquals("GRANTED", response().state());
    }
  }

  @Test
  void aRefusedRequestIsSaidAndCostsNoResponse() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker has no queues that refuse");
    channel.queueDeclare(
        WireNames.REQUEST_QUEUE,
        true,
        false,
        false,
        Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
    try (Requester requester = Requester.connectTemporarily(broker.address(), heard::add)) {
      IOException refusal =
          assertThrows(IOException.class, () -> requester.submit(List.of(request("1"))));
      assertTrue(refusal.getMessage().contains("full"), refusal::getMessage);
      assertThrows(IOException.class, () -> requester.submit(List.of(request("2"))));
      respond("{\"state\":\"GRANTED\"}");
      assertEquals("GRANTED", response().state());
    } finally {
      broker.deleteQueues(WireNames.REQUEST_QUEUE);
    }
  }

  @Test
  void whatTheManagerWouldNotTakeIsRefusedAtOnce() {
    for (String id : List.of("x".repeat(256), "a\u0000")) {
      assertThrows(IllegalArgumentException.class, () -> request(id));
    }
    byte[] content = {};
    assertThrows(
        IllegalArgumentException.class,
        () -> new RequestMessage("t", "1", "o", "s", "c", 256, content));
  }

  @Test
  void aCutConnectionIsSaidToWhoSubmitsAndMadeAgain() throws Exception {
    try (CuttableProxy proxy = new CuttableProxy(broker.uri());
        Requester requester =
            Requester.connect(BrokerAddress.parse(proxy.uri()), QUEUE, heard::add)) {
      proxy.cut();
      assertThrows(IOException.class, () -> requester.submit(List.of(request("1"))));
      Eventually.get("requests to be taken again", () -> trySubmit(requester));
      respond("{\"state\":\"GRANTED\"}");
      assertEquals("GRANTED", response().state());
    }
  }

  private static Boolean trySubmit(Requester requester) throws Exception {
    try {
      requester.submit(List.of(request("2")));
      return true;
    } catch (IOException e) {
      return null;
    }
  }

  @Test
  void aBrokerThatIsNotThereIsSaidAtOnce() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    BrokerAddress nobody = BrokerAddress.parse("amqp://127.0.0.1:" + port);
    assertThrows(ConnectException.class, () -> Requester.connectTemporarily(nobody, heard::add));
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("requester")),
        "no thread is left behind");
  }
}
