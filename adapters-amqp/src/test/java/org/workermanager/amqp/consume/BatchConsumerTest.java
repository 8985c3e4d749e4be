package org.workermanager.amqp.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.Eventually;
import org.workermanager.amqp.TestBroker;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.InboundLimit;
import org.workermanager.amqp.wire.Delivery;

@ParameterizedClass
@EnumSource(TestBroker.class)
class BatchConsumerTest {

  private static final String QUEUE = "tested.consumer";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BlockingQueue<List<String>> batches = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();

  @Parameter private TestBroker broker;

  private final InboundLimit limit = new InboundLimit(50_000);

  private Connection connection;
  private Channel channel;

  @BeforeEach
  void declare() throws Exception {
    broker.deleteQueues(QUEUE);
    connection = broker.address().connect("test", limit, Integer.MAX_VALUE);
    channel = connection.createChannel();
    channel.confirmSelect();
    channel.queueDeclare(QUEUE, true, false, false, null);
  }

  @AfterEach
  void delete() throws Exception {
    connection.abort(2_000);
    broker.deleteQueues(QUEUE);
  }

  private BatchConsumer consumer(Consumer<List<Delivery>> handler) throws IOException {
    return deferring(
        deliveries -> {
          handler.accept(deliveries);
          return List.of();
        });
  }

  private BatchConsumer deferring(UnaryOperator<List<Delivery>> handler) throws IOException {
    return new BatchConsumer(
        connection,
        QUEUE,
        100,
        limit,
        (deliveries, inHand) -> new Handled(handler.apply(deliveries), List.of()),
        troubles::add);
  }

  private void collect(List<Delivery> deliveries) {
    batches.add(deliveries.stream().map(each -> new String(each.body(), UTF_8)).toList());
  }

  private void publish(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      channel.basicPublish("", QUEUE, null, ("m" + i).getBytes(UTF_8));
    }
    channel.waitForConfirmsOrDie(PATIENCE.toMillis());
  }

  private static List<String> names(int from, int to) {
    List<String> names = new ArrayList<>();
    for (int i = from; i < to; i++) {
      names.add("m" + i);
    }
    return names;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertQueued(String... expected) throws Exception {
    for (String name : expected) {
      GetResponse got = Eventually.get(name, () -> channel.basicGet(QUEUE, true));
      assertEquals(name, new String(got.getBody(), UTF_8));
    }
    assertNull(channel.basicGet(QUEUE, true));
  }

  @Test
  void aQueueThatGivesNoSingleMessagesIsConsumedAllTheSame() throws Exception {
    assumeTrue(broker == TestBroker.REAL, "the embedded broker has no such queues");
    broker.deleteQueues(QUEUE);
    channel.queueDeclare(
        QUEUE,
        true,
        false,
        false,
        Map.of("x-queue-type", "quorum", "x-single-active-consumer", true));
    publish(0, 1);
    BatchConsumer consumer = consumer(this::collect);
    consumer.start(false, 0);
    assertEquals(names(0, 1), batches.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertTrue(troubles.isEmpty());
    assertEquals(0, channel.messageCount(QUEUE));
  }

  @Test
  void whatArrivesWhileABatchIsHandledMakesTheNextAndAllIsAcknowledged() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    BatchConsumer consumer =
        consumer(
            deliveries -> {
              await(go);
              collect(deliveries);
            });
    consumer.start(false, 0);
    publish(0, 50);
    go.countDown();

    List<String> got = new ArrayList<>();
    int count = 0;
    while (got.size() < 50) {
      got.addAll(batches.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      count++;
    }
    assertEquals(names(0, 50), got);
    assertTrue(count < 50, "in batches, not " + count + " times");
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertQueued();
    assertTrue(troubles.isEmpty());
  }

  @Test
  void whenTheHandlerThrowsNothingIsAcknowledgedAndItIsSaidOnce() throws Exception {
    RuntimeException failure = new IllegalStateException("store away");
    BatchConsumer consumer =
        consumer(
            deliveries -> {
              throw failure;
            });
    consumer.start(false, 0);
    publish(0, 3);
    assertSame(failure, troubles.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertTrue(troubles.isEmpty());
    assertQueued("m0", "m1", "m2");
  }

  @Test
  void moreThanFitsIntoMemoryComesThroughBitByBit() throws Exception {
    CountDownLatch all = new CountDownLatch(50);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger most = new AtomicInteger();
    BatchConsumer consumer =
        consumer(
            deliveries -> {
              await(go);
              deliveries.forEach(delivery -> all.countDown());
              most.accumulateAndGet(deliveries.size(), Math::max);
            });
    consumer.start(false, 0);
    publishLarge(50);
    go.countDown();
    await(all);
    // two fit, and it is full with the third
    assertTrue(most.get() <= 3, () -> most + " at once");
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertQueued();
  }

  /** On another connection, where confirmations do not wait for room. */
  private void publishLarge(int count) throws Exception {
    try (Connection other = broker.connect()) {
      Channel publishing = other.createChannel();
      publishing.confirmSelect();
      for (int i = 0; i < count; i++) {
        publishing.basicPublish("", QUEUE, null, new byte[20_000]);
      }
      publishing.waitForConfirmsOrDie(PATIENCE.toMillis());
    }
  }

  @Test
  void stoppingDoesNotWaitForRoom() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    BatchConsumer consumer = consumer(deliveries -> await(go));
    consumer.start(false, 0);
    publishLarge(50);
    consumer.stop();
    go.countDown();
    consumer.awaitEnd(PATIENCE);
    assertTrue(troubles.isEmpty(), troubles::toString);
    assertEquals(0, channel.consumerCount(QUEUE));
  }

  @Test
  void evenAnErrorIsSaid() throws Exception {
    Error failure = new StackOverflowError("too deep");
    BatchConsumer consumer =
        consumer(
            deliveries -> {
              throw failure;
            });
    consumer.start(false, 0);
    publish(0, 1);
    assertSame(failure, troubles.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertQueued("m0");
  }

  @Test
  void stoppingFinishesTheBatchInHandAndHandsTheRestBack() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    BatchConsumer consumer =
        consumer(
            deliveries -> {
              begun.countDown();
              await(go);
              collect(deliveries);
            });
    consumer.start(false, 0);
    publish(0, 1);
    await(begun);
    publish(1, 4);
    consumer.stop();
    go.countDown();
    consumer.awaitEnd(PATIENCE);
    assertEquals(List.of("m0"), batches.remove());
    assertTrue(batches.isEmpty());
    assertQueued("m1", "m2", "m3");
  }

  @Test
  void aDeletedQueueIsTrouble() throws Exception {
    assumeTrue(broker.isRabbitMq(), "the embedded broker does not tell consumers");
    BatchConsumer consumer = consumer(this::collect);
    consumer.start(false, 0);
    channel.queueDelete(QUEUE);
    Throwable trouble = troubles.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertNotNull(trouble);
    assertTrue(trouble.getMessage().contains(QUEUE), trouble::toString);
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
  }

  @Test
  void aQueueConsumedExclusivelyIsRefusedToOthers() throws Exception {
    BatchConsumer first = consumer(this::collect);
    first.start(true, 0);
    BatchConsumer second = consumer(this::collect);
    IOException refusal = assertThrows(IOException.class, () -> second.start(true, 0));
    assertTrue(AmqpErrors.isExclusiveUse(refusal), refusal::toString);
    second.stop();
    second.awaitEnd(PATIENCE);
    first.stop();
    first.awaitEnd(PATIENCE);
  }

  @Test
  void whatIsDeferredComesFirstInTheNextBatchesUntilItIsHandled() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    BatchConsumer consumer =
        deferring(
            deliveries -> {
              collect(deliveries);
              boolean again = handled.incrementAndGet() < 4;
              return again ? deliveries.subList(0, 1) : List.of();
            });
    consumer.start(false, 0);
    publish(0, 2);
    List<String> first = batches.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals("m0", first.get(0));
    publish(2, 3);
    List<String> last = first;
    for (int i = 2; i <= 4; i++) {
      last = batches.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertEquals("m0", last.get(0));
    }
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertQueued();
  }

  @Test
  void whatIsDeferredWhenItStopsGoesBackAndNothingElse() throws Exception {
    CountDownLatch all = new CountDownLatch(3);
    BatchConsumer consumer =
        deferring(
            deliveries -> {
              deliveries.forEach(each -> all.countDown());
              return deliveries.stream()
                  .filter(each -> new String(each.body(), UTF_8).equals("m1"))
                  .toList();
            });
    consumer.start(false, 0);
    publish(0, 3);
    await(all);
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertQueued("m1");
  }

  @Test
  void whatIsHandledIsNotInHandAnyMoreOnceTheConnectionIsLost() throws Exception {
    BlockingQueue<Boolean> wasInHand = new LinkedBlockingQueue<>();
    BatchConsumer consumer =
        new BatchConsumer(
            connection,
            QUEUE,
            100,
            limit,
            (deliveries, inHand) -> {
              wasInHand.add(inHand.getAsBoolean());
              connection.abort(2_000);
              wasInHand.add(inHand.getAsBoolean());
              return new Handled(List.of(), List.of());
            },
            troubles::add);
    consumer.start(false, 0);
    channel.basicPublish("", QUEUE, null, "m0".getBytes(UTF_8));
    assertEquals(true, wasInHand.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(false, wasInHand.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
  }

  @Test
  void theFirstOnesAreMarkedWhereTheBrokerForgets() throws Exception {
    BlockingQueue<Boolean> marks = new LinkedBlockingQueue<>();
    BatchConsumer consumer =
        consumer(deliveries -> deliveries.forEach(each -> marks.add(each.redelivered())));
    publish(0, 3);
    consumer.start(false, 2);
    for (boolean expected : List.of(true, true, false)) {
      assertEquals(expected, marks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertQueued();
  }

  @Test
  void whatCannotBeHandledNowIsFoundOutWithOneMessage() throws Exception {
    RuntimeException failure = new IllegalStateException("store full");
    AtomicInteger room = new AtomicInteger(2);
    BatchConsumer consumer =
        consumer(
            deliveries -> {
              collect(deliveries);
              if (room.getAndDecrement() == 0) {
                throw failure;
              }
            });
    publish(0, 50);
    assertSame(failure, assertThrows(IllegalStateException.class, () -> consumer.start(false, 0)));
    assertEquals(List.of(List.of("m0"), List.of("m1"), List.of("m2")), List.copyOf(batches));
    consumer.stop();
    consumer.awaitEnd(PATIENCE);
    assertTrue(troubles.isEmpty(), troubles::toString);
    List<String> redelivered = new ArrayList<>();
    for (int i = 2; i < 50; i++) {
      GetResponse got = Eventually.get("a message", () -> channel.basicGet(QUEUE, true));
      if (got.getEnvelope().isRedeliver()) {
        redelivered.add(new String(got.getBody(), UTF_8));
      }
    }
    assertEquals(List.of("m2"), redelivered);
  }
}
