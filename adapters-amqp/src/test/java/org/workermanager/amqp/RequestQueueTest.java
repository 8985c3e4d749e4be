package org.workermanager.amqp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.WireNames;

@ParameterizedClass
@EnumSource(TestBroker.class)
class RequestQueueTest {

  @Parameter private TestBroker broker;

  private Connection connection;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    broker.deleteQueues(WireNames.REQUEST_QUEUE);
    connection = broker.connect();
    channel = connection.createChannel();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.abort();
    broker.deleteQueues(WireNames.REQUEST_QUEUE);
  }

  private boolean isInUse() throws Exception {
    return RequestQueue.isInUse(broker.address());
  }

  @Test
  void isNotInUseWhenMissingOrEmpty() throws Exception {
    assertFalse(isInUse());
    Topology.USUAL.declareRequests(connection);
    assertFalse(isInUse());
  }

  @Test
  void isInUseWhenConsumed() throws Exception {
    Topology.USUAL.declareRequests(connection);
    channel.basicConsume(WireNames.REQUEST_QUEUE, new DefaultConsumer(channel));
    assertTrue(isInUse());
  }

  @Test
  void isInUseWhenRequestsWait() throws Exception {
    Topology.USUAL.declareRequests(connection);
    channel.confirmSelect();
    channel.basicPublish("", WireNames.REQUEST_QUEUE, null, new byte[0]);
    channel.waitForConfirmsOrDie(10_000);
    assertTrue(isInUse());
  }
}
