package org.workermanager.amqp.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.Eventually;

/** The embedded broker, and the ways of RabbitMQ that it is made to have. */
class EmbeddedBrokerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<String, Object> DEAD_LETTERS_TO_MORGUE =
      Map.of("x-dead-letter-exchange", "regards.DLX", "x-dead-letter-routing-key", "morgue");

  private static EmbeddedBroker broker;

  private Connection connection;
  private Channel channel;

  @BeforeAll
  static void start(@TempDir Path directory) {
    broker = start(0, directory.resolve("with a space"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = connect(broker);
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  @AfterEach
  void disconnect() throws IOException {
    connection.close();
  }

  @Test
  void messageGoesRound() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    String queue = channel.queueDeclare().getQueue();
    channel.exchangeDeclare("round.fanout", "fanout", true);
    channel.queueBind(queue, "round.fanout", "");
    DeliverCallback receive =
        (tag, delivery) -> received.add(new String(delivery.getBody(), UTF_8));
    channel.basicConsume(queue, true, receive, tag -> {});

    channel.basicPublish("round.fanout", "", null, "hello".getBytes(UTF_8));

    assertEquals("hello", received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void rejectedMessageGoesToDeadLetterQueueThatWasThereBefore() throws Exception {
    channel.queueDeclare("morgue", true, false, false, null);
    channel.queueDeclare("before", true, false, false, DEAD_LETTERS_TO_MORGUE);

    publish("before", null, "bad");
    channel.basicReject(get("before").getEnvelope().getDeliveryTag(), false);

    assertDeadLetter("morgue", "bad");
  }

  @Test
  void rejectedMessageGoesToDeadLetterQueueThatCameLater() throws Exception {
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "regards.DLX", "x-dead-letter-routing-key", "later");
    channel.queueDeclare("after", true, false, false, arguments);
    channel.queueDeclare("later", true, false, false, null);

    publish("after", null, "bad");
    channel.basicNack(get("after").getEnvelope().getDeliveryTag(), false, false);

    assertDeadLetter("later", "bad");
  }

  @Test
  void deadLetterQueueMayGoAndComeBack() throws Exception {
    Map<String, Object> arguments =
        Map.of(
            "x-dead-letter-exchange", "regards.DLX", "x-dead-letter-routing-key", "comes and goes");
    channel.queueDeclare("comes and goes", true, false, false, null);
    channel.queueDeclare("stays", true, false, false, arguments);

    channel.queueDelete("comes and goes");
    publish("stays", null, "lost");
    channel.basicReject(get("stays").getEnvelope().getDeliveryTag(), false);
    channel.queueDeclare("comes and goes", true, false, false, null);
    publish("stays", null, "kept");
    channel.basicReject(get("stays").getEnvelope().getDeliveryTag(), false);

    assertDeadLetter("comes and goes", "kept");
  }

  @Test
  void messageOlderThanItsQueueAllowsIsADeadLetter() throws Exception {
    channel.queueDeclare("morgue", true, false, false, null);
    Map<String, Object> arguments =
        Map.of(
            "x-message-ttl",
            1,
            "x-dead-letter-exchange",
            "regards.DLX",
            "x-dead-letter-routing-key",
            "morgue");
    channel.queueDeclare("short", true, false, false, arguments);

    publish("short", null, "late");

    assertDeadLetter("morgue", "late");
  }

  @Test
  void messageThatAConsumerHasIsNotTooOld() throws Exception {
    channel.queueDeclare("morgue", true, false, false, null);
    Map<String, Object> arguments = new HashMap<>(DEAD_LETTERS_TO_MORGUE);
    arguments.put("x-message-ttl", 1_000);
    channel.queueDeclare("brief", true, false, false, arguments);
    publish("brief", null, "in hand");
    GetResponse inHand = get("brief");

    publish("brief", null, "too old later");

    assertDeadLetter("morgue", "too old later");
    channel.basicAck(inHand.getEnvelope().getDeliveryTag(), false);
    assertNull(channel.basicGet("morgue", true));
  }

  @Test
  void messageWithHeadersThatQpidCannotTakeApartStays(@TempDir Path directory) throws Exception {
    String housekeeping = "virtualhost.housekeepingCheckPeriod";
    // lest it take half a minute until Qpid would look
    System.setProperty(housekeeping, "1500");
    try (EmbeddedBroker other = start(0, directory);
        Connection client = connect(other)) {
      channel = client.createChannel();
      channel.confirmSelect();
      channel.queueDeclare("odd", true, false, false, null);
      channel.queueDeclare(
          "odd for a day", true, false, false, Map.of("x-message-ttl", 86_400_000));
      Map<String, Object> odd = Map.of("empty", Map.of());
      for (String queue : List.of("odd", "odd for a day")) {
        publish(queue, new AMQP.BasicProperties.Builder().headers(odd).build(), "kept");
      }

      channel.queueDeclare("morgue", true, false, false, null);
      Map<String, Object> arguments = new HashMap<>(DEAD_LETTERS_TO_MORGUE);
      arguments.put("x-message-ttl", 1);
      channel.queueDeclare("short", true, false, false, arguments);
      for (String late : List.of("one second", "two seconds", "three seconds")) {
        publish("short", null, late);
        assertDeadLetter("morgue", late);
      }

      for (String queue : List.of("odd", "odd for a day")) {
        GetResponse kept = channel.basicGet(queue, true);
        assertNotNull(kept, queue);
        assertEquals(odd, kept.getProps().getHeaders());
      }
    } finally {
      System.clearProperty(housekeeping);
    }
  }

  /** As the README says; RabbitMQ would have both. */
  @Test
  void rejectedMessageWithHeadersThatQpidCannotTakeApartIsDropped() throws Exception {
    channel.queueDeclare("morgue", true, false, false, null);
    channel.queueDeclare("mixed", true, false, false, DEAD_LETTERS_TO_MORGUE);
    for (Object header : List.of(Map.of(), new BigDecimal("1e-128"), "text")) {
      AMQP.BasicProperties properties =
          new AMQP.BasicProperties.Builder().headers(Map.of("name", header)).build();
      publish("mixed", properties, header.toString());
      channel.basicReject(get("mixed").getEnvelope().getDeliveryTag(), false);
    }

    assertDeadLetter("morgue", "text");
  }

  @Test
  void rejectedMessageWithoutDeadLetterQueueIsDropped() throws Exception {
    String queue = channel.queueDeclare().getQueue();
    publish(queue, null, "bad");

    channel.basicReject(get(queue).getEnvelope().getDeliveryTag(), false);

    assertNull(channel.basicGet(queue, true));
  }

  @Test
  void messageOfLostConsumerComesBackAndIsNotADeadLetter() throws Exception {
    channel.queueDeclare("morgue", true, false, false, null);
    channel.queueDeclare("crash", true, false, false, DEAD_LETTERS_TO_MORGUE);
    publish("crash", null, "once more");
    for (int crash = 0; crash < 3; crash++) {
      try (Connection other = connect(broker)) {
        assertNotNull(other.createChannel().basicGet("crash", false));
      }
    }

    GetResponse again = get("crash");

    assertTrue(again.getEnvelope().isRedeliver());
    assertNull(channel.basicGet("morgue", true));
    channel.basicAck(again.getEnvelope().getDeliveryTag(), false);
  }

  @Test
  void urgentMessagesComeFirst() throws Exception {
    channel.queueDeclare("urgent", true, false, false, Map.of("x-max-priority", 255));
    for (int priority : List.of(0, 127, 4, 126, 5)) {
      publish(
          "urgent", new AMQP.BasicProperties.Builder().priority(priority).build(), "p" + priority);
    }

    for (String expected : List.of("p127", "p126", "p5", "p4", "p0")) {
      assertEquals(expected, new String(channel.basicGet("urgent", true).getBody(), UTF_8));
    }
  }

  @Test
  void messageWithExpirationIsNotLost() throws Exception {
    String queue = channel.queueDeclare().getQueue();

    publish(queue, new AMQP.BasicProperties.Builder().expiration("3600000").build(), "keep");

    assertNotNull(channel.basicGet(queue, true));
  }

  @Test
  void offersFramesOfRabbitMqsSize() {
    assertEquals(131_072, connection.getFrameMax());
  }

  @Test
  void refusesWrongPassword() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(broker.port());
    factory.setVirtualHost("test/host");
    factory.setPassword("wrong");

    assertThrows(IOException.class, factory::newConnection);
  }

  @Test
  void saysThatPortIsInUse(@TempDir Path directory) {
    PortInUseException failure =
        assertThrows(PortInUseException.class, () -> start(broker.port(), directory));

    assertEquals(broker.port(), failure.port());
  }

  @Test
  void saysThatQpidIsMissing(@TempDir Path directory) {
    ClassLoader empty = ClassLoader.getPlatformClassLoader();

    EmbeddedBrokerException failure =
        assertThrows(
            EmbeddedBrokerException.class, () -> EmbeddedBroker.start(empty, 0, "test", directory));

    assertTrue(failure.getMessage().contains("Apache Qpid Broker-J"), failure.getMessage());
  }

  @Test
  void keepsDurableQueuesWithTheirPersistentMessages(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker first = start(0, directory);
        Connection before = connect(first)) {
      channel = before.createChannel();
      channel.confirmSelect();
      channel.queueDeclare("kept", true, false, false, DEAD_LETTERS_TO_MORGUE);
      channel.queueDeclare("morgue", true, false, false, null);
      publish("kept", MessageProperties.PERSISTENT_BASIC, "persistent");
      publish("kept", null, "transient");
    }

    try (EmbeddedBroker second = start(0, directory);
        Connection after = connect(second)) {
      channel = after.createChannel();
      GetResponse message = get("kept");
      assertEquals("persistent", new String(message.getBody(), UTF_8));
      assertNull(channel.basicGet("kept", true));
      channel.basicReject(message.getEnvelope().getDeliveryTag(), false);
      assertDeadLetter("morgue", "persistent");
    }
  }

  @Test
  void refusesDirectoryInUse(@TempDir Path directory) {
    try (EmbeddedBroker first = start(0, directory)) {
      EmbeddedBrokerException failure =
          assertThrows(EmbeddedBrokerException.class, () -> start(0, directory));

      assertTrue(failure.getMessage().contains(directory.toString()), failure.getMessage());
      assertTrue(first.port() > 0);
    }
  }

  @Test
  void refusesDirectoryOfAnotherVirtualHost(@TempDir Path directory) {
    start(0, directory).close();
    ClassLoader classes = EmbeddedBrokerTest.class.getClassLoader();

    EmbeddedBrokerException failure =
        assertThrows(
            EmbeddedBrokerException.class,
            () -> EmbeddedBroker.start(classes, 0, "other", directory));

    assertTrue(failure.getMessage().contains("test/host"), failure.getMessage());
  }

  @Test
  void givesBackPortAndThreads(@TempDir Path directory) throws Exception {
    List<Thread> before = brokerThreads();
    EmbeddedBroker second = start(0, directory);
    List<Thread> threads = brokerThreads();
    threads.removeAll(before);
    assertFalse(threads.isEmpty());
    Connection cut = connect(second);

    second.close();
    second.close();

    assertEquals(List.of(), threads.stream().filter(Thread::isAlive).toList());
    new ServerSocket(second.port(), 1, InetAddress.getByName("127.0.0.1")).close();
    cut.abort();
  }

  private void publish(String queue, AMQP.BasicProperties properties, String body)
      throws Exception {
    channel.basicPublish("", queue, properties, body.getBytes(UTF_8));
    channel.waitForConfirmsOrDie(PATIENCE.toMillis());
  }

  /** The next message of the queue, unacknowledged, as soon as there is one. */
  private GetResponse get(String queue) {
    return Eventually.get("a message on " + queue, () -> channel.basicGet(queue, false));
  }

  private void assertDeadLetter(String queue, String body) throws Exception {
    GetResponse letter = get(queue);
    channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
    assertEquals(body, new String(letter.getBody(), UTF_8));
  }

  private static List<Thread> brokerThreads() {
    List<Thread> threads = new ArrayList<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(
        thread -> {
          ThreadGroup group = thread.getThreadGroup();
          return group == null || !group.getName().equals("embedded broker");
        });
    return threads;
  }

  private static EmbeddedBroker start(int port, Path directory) {
    return EmbeddedBroker.start(
        EmbeddedBrokerTest.class.getClassLoader(), port, "test/host", directory);
  }

  private static Connection connect(EmbeddedBroker broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }
}
