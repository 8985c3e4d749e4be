package org.workermanager.amqp.topology;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.TestBroker;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.QueueArgument;
import org.workermanager.amqp.wire.WireNames;

@ParameterizedClass
@EnumSource(TestBroker.class)
class TopologyTest {

  private static final Duration EXPIRY = Duration.ofMinutes(1);
  private static final String WORKERS = "regards.worker.topology.request";
  private static final Map<String, Object> DEAD_LETTERING =
      Map.of("x-dead-letter-exchange", "regards.DLX", "x-dead-letter-routing-key", "regards.DLQ");

  @Parameter private TestBroker broker;

  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    broker.deleteQueues(
        WireNames.REQUEST_QUEUE,
        WireNames.REPLY_QUEUE,
        WireNames.REQUEST_DEAD_LETTERS,
        WireNames.DEAD_LETTER_QUEUE,
        // nobody consumes it: heartbeats would expire in it, and come to other tests' dead letters
        WireNames.heartbeatQueue("topology"),
        WORKERS);
    broker.deleteExchanges(WORKERS);
    connection = broker.connect();
  }

  /** Others find there what they declare. */
  @AfterEach
  void disconnect() throws Exception {
    connection.abort();
    connect();
    connection.abort();
  }

  private static Topology changed(String... arguments) {
    return new Topology(List.of(arguments).stream().map(QueueArgument::parse).toList());
  }

  /** Only who declares a queue with the arguments it has is let. */
  private void assertArguments(String queue, Map<String, Object> arguments) throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker does not compare all arguments");
    connection.createChannel().queueDeclare(queue, true, false, false, arguments);
  }

  private static Map<String, Object> with(String name, Object value) {
    Map<String, Object> arguments = new HashMap<>(DEAD_LETTERING);
    arguments.put(name, value);
    return arguments;
  }

  @Test
  void queuesHaveTheProtocolsArguments() throws Exception {
    Topology.USUAL.declareForManager(connection, "topology", EXPIRY);
    Topology.USUAL.declareWorkerRequests(connection, WORKERS);

    assertArguments(WireNames.REQUEST_QUEUE, with("x-max-priority", 10));
    assertArguments(WireNames.REPLY_QUEUE, DEAD_LETTERING);
    assertArguments(WireNames.REQUEST_DEAD_LETTERS, Map.of());
    assertArguments(WireNames.DEAD_LETTER_QUEUE, Map.of());
    Map<String, Object> workers = with("x-max-priority", 255);
    workers.put("x-dead-letter-routing-key", "regards.worker.manager.request.dlq");
    assertArguments(WORKERS, workers);
    connection
        .createChannel()
        .queueDeclare(
            "regards.worker.manager.heartbeat.topology",
            true,
            false,
            true,
            with("x-message-ttl", 60_000));
  }

  @Test
  void argumentsCanBeChangedForEachKindOfQueue() throws Exception {
    Topology topology =
        changed(
            "requests:x-max-priority=255",
            "requests:x-overflow=reject-publish",
            "replies:x-dead-letter-routing-key=elsewhere",
            "dead-letters:x-max-length=100000",
            "workers:x-max-priority=");
    topology.declareForManager(connection, "topology", EXPIRY);
    topology.declareWorkerRequests(connection, WORKERS);

    Map<String, Object> requests = with("x-max-priority", 255);
    requests.put("x-overflow", "reject-publish");
    assertArguments(WireNames.REQUEST_QUEUE, requests);
    assertArguments(WireNames.REPLY_QUEUE, with("x-dead-letter-routing-key", "elsewhere"));
    assertArguments(WireNames.REQUEST_DEAD_LETTERS, Map.of("x-max-length", 100_000));
    assertArguments(
        WORKERS, with("x-dead-letter-routing-key", "regards.worker.manager.request.dlq"));
  }

  @Test
  @DisplayName("11. A queue exists with other arguments")
  void whatExistsOtherwiseIsUsedAsItIs() throws Exception {
    Channel channel = connection.createChannel();
    channel.exchangeDeclare(WORKERS, "fanout", true);
    channel.queueDeclare(WORKERS, true, false, false, Map.of("x-max-priority", 3));
    channel.queueDeclare(WireNames.REPLY_QUEUE, true, false, false, Map.of("x-max-priority", 3));

    Topology.USUAL.declareForManager(connection, "topology", EXPIRY);
    Topology.USUAL.declareWorkerRequests(connection, WORKERS);

    assertTrue(connection.isOpen());
    assertEquals(0, connection.createChannel().messageCount(WORKERS));
    assertArguments(WORKERS, Map.of("x-max-priority", 3));
  }

  @Test
  void aRefusedArgumentIsSaidInTheBrokersWords() {
    assumeTrue(broker.isRabbitMq(), "the embedded broker ignores it");
    Topology topology = changed("replies:x-max-priority=much");
    IOException refusal =
        assertThrows(
            IOException.class, () -> topology.declareForManager(connection, "topology", EXPIRY));
    String said = AmqpErrors.describe(refusal);
    assertTrue(said.contains("x-max-priority") && said.contains("invalid"), said);
  }

  @Test
  void deadLettersOfWorkersArriveByBothWays() throws Exception {
    Topology.USUAL.declareForManager(connection, "topology", EXPIRY);
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    channel.basicPublish(WireNames.REQUEST_DEAD_LETTERS, "", null, new byte[0]);
    channel.basicPublish(
        WireNames.DEAD_LETTER_EXCHANGE, WireNames.REQUEST_DEAD_LETTERS, null, new byte[0]);
    channel.waitForConfirmsOrDie(20_000);
    assertNotNull(channel.basicGet(WireNames.REQUEST_DEAD_LETTERS, true));
    assertNotNull(channel.basicGet(WireNames.REQUEST_DEAD_LETTERS, true));
  }

  @Test
  void aWorkerMayHaveDeclaredItsQueueBefore() throws Exception {
    Topology.USUAL.declareForWorker(connection, "Topology");
    assertDoesNotThrow(() -> Topology.USUAL.declareWorkerRequests(connection, WORKERS));
  }
}
