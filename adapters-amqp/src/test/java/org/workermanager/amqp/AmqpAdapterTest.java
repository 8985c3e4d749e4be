package org.workermanager.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.ContentHeaderPropertyWriter;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.ConsumingListener;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.store.RequestStore;

/** A whole manager on a broker that misbehaves, or is given what it should not get. */
@ParameterizedClass
@EnumSource(TestBroker.class)
class AmqpAdapterTest {

  private static final String TENANT = "adapter";
  private static final int PATIENCE_SECONDS = 30;

  /** Closed after each test, the last one first. */
  private final List<AutoCloseable> opened = new ArrayList<>();

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** How many more transactions fail with an error that no store should have. */
  private final AtomicInteger errors = new AtomicInteger();

  @Parameter private TestBroker broker;

  private CuttableProxy proxy;

  /** Where managers connect. */
  private String uri;

  private Connection connection;
  private Channel channel;
  private String responses;

  @BeforeEach
  void connect() throws Exception {
    broker.deleteQueues(
        WireNames.REQUEST_QUEUE,
        WireNames.REPLY_QUEUE,
        WireNames.REQUEST_DEAD_LETTERS,
        WireNames.DEAD_LETTER_QUEUE);
    proxy = new CuttableProxy(broker.uri());
    uri = proxy.uri();
    opened.add(proxy);
    connection = broker.connect();
    opened.add(() -> connection.abort(2_000));
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private AmqpAdapter start(String instance) {
    AmqpAdapter adapter =
        new AmqpAdapter(
            AmqpSettings.of(BrokerAddress.parse(uri), instance, Duration.ofMinutes(1)),
            InstantSource.system());
    WorkerManager manager = InMemoryManager.start(instance, adapter, this::failingOnDemand);
    manager.operator().serve(TENANT);
    adapter.start(
        manager,
        new ConsumingListener() {
          @Override
          public boolean claimed() {
            events.add(instance + " claimed");
            return true;
          }

          @Override
          public void consuming() {
            events.add(instance + " consuming");
          }

          @Override
          public void instanceInUse(String problem) {
            events.add(instance + " in use");
          }
        });
    opened.add(adapter);
    return adapter;
  }

  private RequestStore failingOnDemand(RequestStore store) {
    return (RequestStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RequestStore.class},
            (self, method, arguments) -> {
              if (method.getName().equals("change") && errors.getAndDecrement() > 0) {
                throw new StackOverflowError("planted");
              }
              return method.invoke(store, arguments);
            });
  }

  private void await(String event) throws InterruptedException {
    List<String> heard = new ArrayList<>();
    String next;
    do {
      next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      heard.add(next);
    } while (next != null && !next.equals(event));
    assertNotNull(next, () -> event + " did not come, but " + heard);
  }

  private AmqpAdapter startConsuming() throws Exception {
    AmqpAdapter adapter = start("one");
    await("one consuming");
    responses = channel.queueDeclare().getQueue();
    channel.queueBind(responses, WireNames.RESPONSE_EXCHANGE, "");
    return adapter;
  }

  private static Map<String, Object> headers(String id) {
    Map<String, Object> headers = new HashMap<>();
    headers.put(WireNames.TENANT, TENANT);
    headers.put(WireNames.REQUEST_ID, id);
    headers.put(WireNames.OWNER, "o");
    headers.put(WireNames.SESSION, "s");
    headers.put(WireNames.CONTENT_TYPE, "c");
    return headers;
  }

  private void submit(Map<String, Object> headers) throws Exception {
    submit(new BasicProperties.Builder().headers(headers).deliveryMode(2).build());
  }

  private void submit(BasicProperties properties) throws Exception {
    channel.basicPublish(
        WireNames.REQUEST_EXCHANGE, "", properties, Instant.now().toString().getBytes(UTF_8));
    channel.waitForConfirmsOrDie(PATIENCE_SECONDS * 1000);
  }

  /**
   * Submits a request that nothing is wrong with, and hears that it waits. Others may be answered
   * again: those that were in hand when a connection was cut.
   */
  private void assertServes(String id) throws Exception {
    submit(headers(id));
    GetResponse got = Eventually.get("a response about " + id, () -> responseAbout(id));
    assertTrue(new String(got.getBody(), UTF_8).contains("DELAYED"));
  }

  private GetResponse responseAbout(String id) throws IOException {
    GetResponse next = channel.basicGet(responses, true);
    return next != null
            && id.equals(next.getProps().getHeaders().get(WireNames.REQUEST_ID).toString())
        ? next
        : null;
  }

  private String reasonSetAside() throws Exception {
    GetResponse aside =
        Eventually.get(
            "what is set aside", () -> channel.basicGet(WireNames.DEAD_LETTER_QUEUE, true));
    return aside.getProps().getHeaders().get(WireNames.EXCEPTION_MESSAGE).toString();
  }

  @Test
  void headersNestedTooDeepForTheClientAreSetAsideAndStopNothing() throws Exception {
    startConsuming();
    Map<String, Object> nested = Map.of("deepest", true);
    for (int i = 0; i < 100; i++) {
      nested = Map.of("F" + i, i % 2 == 0 ? nested : List.of(nested));
    }
    Map<String, Object> headers = headers("nested");
    headers.put("nested", nested);
    submit(headers);
    assertServes("after it");
    String reason = reasonSetAside();
    assertTrue(reason.contains("headers cannot be read"), reason);
    assertFalse(events.contains("one consuming"), "the connection was kept");
  }

  /** One header, of a type that RabbitMQ knows and the client does not. */
  private static final class UnknownType extends BasicProperties {

    private static final int COUNT = 14;
    private static final int HEADERS = 2;
    private static final byte[] UNSIGNED_LONG = {1, 'n', 'L', 0, 0, 0, 0, 0, 0, 0, 5};

    @Override
    public void writePropertiesTo(ContentHeaderPropertyWriter writer) throws IOException {
      for (int i = 0; i < COUNT; i++) {
        writer.writePresence(i == HEADERS);
      }
      writer.finishPresence();
      writer.writeLong(UNSIGNED_LONG.length);
      for (byte b : UNSIGNED_LONG) {
        writer.writeOctet(b);
      }
    }
  }

  @Test
  void headersOfATypeThatTheClientDoesNotKnowAreSetAsideAndStopNothing() throws Exception {
    startConsuming();
    submit(new UnknownType());
    assertServes("after it");
    String reason = reasonSetAside();
    assertTrue(reason.contains("headers cannot be read"), reason);
    assertFalse(events.contains("one consuming"), "the connection was kept");
  }

  @Test
  void headersNestedALittleAreFine() throws Exception {
    startConsuming();
    Map<String, Object> headers = headers("nested");
    headers.put("FAFAFAFAFAFAFAFAFAFAFAFAFAFAFAFAFAFAFAFA", Map.of("F", List.of(Map.of("A", 1))));
    submit(headers);
    assertNotNull(Eventually.get("a response", () -> channel.basicGet(responses, true)));
  }

  @Test
  void aCutConnectionIsMadeAgain() throws Exception {
    startConsuming();
    for (int i = 0; i < 3; i++) {
      proxy.cut();
      await("one claimed");
      await("one consuming");
      assertServes("after cut " + i);
    }
  }

  private AlarmedProxy alarmable() throws IOException {
    AlarmedProxy alarmed = new AlarmedProxy(broker.uri());
    opened.add(alarmed);
    uri = alarmed.uri();
    return alarmed;
  }

  @Test
  void anAlarmOfTheBrokerIsWaitedOutAndNothingIsSaidTwice() throws Exception {
    AlarmedProxy alarmed = alarmable();
    startConsuming();
    alarmed.alarm();
    submit(headers("0"));
    alarmed.awaitBlocked(1);
    for (int i = 1; i < 20; i++) {
      submit(headers(Integer.toString(i)));
    }
    assertNull(channel.basicGet(responses, true));
    alarmed.endAlarm();
    for (int i = 0; i < 20; i++) {
      GetResponse next = Eventually.get("a response", () -> channel.basicGet(responses, true));
      assertEquals(
          Integer.toString(i), next.getProps().getHeaders().get(WireNames.REQUEST_ID).toString());
    }
    assertServes("after it");
    assertEquals(List.of(), List.copyOf(events), "nothing was interrupted");
  }

  @Test
  void whoeverIsClosedDuringAnAlarmLeavesNothingBehind() throws Exception {
    AlarmedProxy alarmed = alarmable();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    AmqpAdapter adapter = startConsuming();
    alarmed.alarm();
    submit(headers("0"));
    alarmed.awaitBlocked(1);
    adapter.close();
    Eventually.get(
        "the end of its threads",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .noneMatch(thread -> thread.getName().startsWith("worker-manager"))
                ? true
                : null);
  }

  /** Has the manager publish more than the operating system takes of what nobody reads. */
  private void stickHalfSent(AlarmedProxy alarmed) throws Exception {
    alarmed.alarm();
    Map<String, Object> headers = headers("0");
    headers.remove(WireNames.TENANT);
    BasicProperties properties = new BasicProperties.Builder().headers(headers).build();
    channel.basicPublish(WireNames.REQUEST_EXCHANGE, "", properties, new byte[24 << 20]);
    alarmed.awaitBlocked(1);
  }

  @Test
  void aBrokerThatVanishesWhileAMessageIsHalfSentIsMissed() throws Exception {
    AlarmedProxy alarmed = alarmable();
    alarmed.beatFast();
    startConsuming();
    stickHalfSent(alarmed);
    alarmed.vanish();
    await("one consuming");
    assertServes("after it");
  }

  @Test
  void aMessageThatIsStuckHalfSentDuringAnAlarmKeepsNobodyFromClosing() throws Exception {
    AlarmedProxy alarmed = alarmable();
    AmqpAdapter adapter = startConsuming();
    stickHalfSent(alarmed);
    Thread closing = new Thread(adapter::close);
    closing.setDaemon(true);
    closing.start();
    closing.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    assertFalse(closing.isAlive());
  }

  @Test
  @DisplayName("11. A queue is deleted while it is consumed")
  void aDeletedRequestQueueIsDeclaredAgain() throws Exception {
    startConsuming();
    channel.queueDelete(WireNames.REQUEST_QUEUE);
    await("one consuming");
    assertServes("after it");
  }

  @Test
  void anErrorWhileABatchIsHandledIsNoEnd() throws Exception {
    startConsuming();
    errors.set(2);
    assertServes("in spite of it");
    await("one consuming");
    assertServes("after it");
  }

  @Test
  void whatIsSetAsideComesThroughThoughItsQueueWasDeleted() throws Exception {
    startConsuming();
    channel.queueDelete(WireNames.DEAD_LETTER_QUEUE);
    Map<String, Object> headers = headers("x");
    headers.remove(WireNames.TENANT);
    submit(headers);
    Eventually.get(
        "the queue to be there again",
        () -> broker.hasQueue(WireNames.DEAD_LETTER_QUEUE) ? true : null);
    assertTrue(reasonSetAside().contains(WireNames.TENANT));
  }

  @Test
  void aSecondInstanceOfTheSameIdIsToldAndConsumesNothing() throws Exception {
    startConsuming();
    AmqpAdapter second = start("one");
    await("one in use");
    second.close();
    assertFalse(events.contains("one claimed"), events::toString);
    assertServes("by the first");
  }
}
