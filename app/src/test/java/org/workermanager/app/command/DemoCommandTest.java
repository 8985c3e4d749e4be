package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.embedded.EmbeddedBrokers;

/** The demo on a broker of the user's. */
class DemoCommandTest {

  private static final String REQUEST_QUEUE =
      "regards.broadcast.rs-worker-manager.fr.cnes.regards.modules.workermanager.service.flow.RequestHandler";

  @RegisterExtension private final PrintedText printed = new PrintedText();

  @TempDir private Path folder;

  private int demo(String amqpUri) {
    return WorkerManagerCommand.execute(
        new String[] {"demo", "--requests=20", "--amqp-uri", amqpUri}, Map.of(), new Shutdown());
  }

  private String text() {
    return printed.toString();
  }

  @Test
  void runsOnlyWhereNobodyElseTakesRequests() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBrokers.start(0, "demo", folder);
        Connection connection = BrokerAddress.parse(broker.uri()).connect("test")) {
      Channel channel = connection.createChannel();
      channel.queueDeclare(REQUEST_QUEUE, true, false, false, Map.of());
      String consumer = channel.basicConsume(REQUEST_QUEUE, new DefaultConsumer(channel));
      assertEquals(2, demo(broker.uri()));
      assertTrue(text().contains("virtual host of its own") && text().lines().count() == 1, text());

      channel.basicCancel(consumer);
      assertEquals(0, demo(broker.uri()), this::text);
      assertTrue(text().contains("Done: 22 requests"), text());
    }
  }

  @Test
  void saysInWordsWhatIsWrongWithTheBroker() {
    assertEquals(1, demo("amqp://127.0.0.1:1"));
    assertTrue(text().contains("nothing accepts connections there"), text());
    assertFalse(text().contains("Exception") || text().contains("\tat "), text());
  }
}
