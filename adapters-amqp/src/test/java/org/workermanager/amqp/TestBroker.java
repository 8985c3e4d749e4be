package org.workermanager.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;

/** The brokers that tests run on. */
public enum TestBroker {
  EMBEDDED {
    @Override
    public String uri() {
      return Started.BROKER.uri();
    }
  },

  /**
   * RabbitMQ; where nobody listens the embedded one, and says so. One that listens and refuses is a
   * failure.
   */
  REAL {
    @Override
    public String uri() {
      return Found.ADDRESS;
    }
  };

  private static final String REAL_URI =
      Optional.ofNullable(System.getenv("WORKER_MANAGER_TEST_AMQP_URI"))
          .orElse("amqp://guest:guest@127.0.0.1:5672/%2F");
  private static final int DEFAULT_PORT = 5672;

  /** Started once for all tests. */
  private static final class Started {
    static final EmbeddedBroker BROKER =
        EmbeddedBroker.start(
            TestBroker.class.getClassLoader(),
            0,
            "tests",
            Path.of("target", "broker-" + UUID.randomUUID()));
  }

  /** Looked for once for all tests. */
  private static final class Found {
    static final String ADDRESS = find();

    private static String find() {
      if (isListening(URI.create(REAL_URI))) {
        return REAL_URI;
      }
      if ("true".equals(System.getenv("WORKER_MANAGER_TEST_REQUIRE_SERVICES"))) {
        throw new IllegalStateException("RabbitMQ does not listen, and is required");
      }
      System.out.println(
          "No RabbitMQ listens at the address of the tests: they run on the embedded broker");
      return Started.BROKER.uri();
    }
  }

  /** Where it is and how to log in. */
  public abstract String uri();

  public BrokerAddress address() {
    return BrokerAddress.parse(uri());
  }

  public Connection connect() throws Exception {
    return address().connect("test");
  }

  /** Whether it is RabbitMQ, where tests rely on what the embedded broker does not do. */
  public boolean isRabbitMq() {
    return !uri().equals(Started.BROKER.uri());
  }

  /** Deletes queues that earlier tests left behind. */
  public void deleteQueues(String... queues) throws Exception {
    for (String queue : queues) {
      delete(channel -> channel.queueDelete(queue));
    }
  }

  /** Deletes exchanges that earlier tests left behind. */
  public void deleteExchanges(String... exchanges) throws Exception {
    for (String exchange : exchanges) {
      delete(channel -> channel.exchangeDelete(exchange));
    }
  }

  /** Whether the queue is there; asking may cost the connection, so it is another one. */
  public boolean hasQueue(String queue) throws Exception {
    Connection connection = connect();
    try {
      connection.createChannel().queueDeclarePassive(queue);
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      connection.abort();
    }
  }

  @FunctionalInterface
  private interface Deletion {
    void on(Channel channel) throws IOException;
  }

  /** What is missing costs the embedded broker's channel. */
  private void delete(Deletion deletion) throws Exception {
    try (Connection connection = connect()) {
      deletion.on(connection.createChannel());
    } catch (IOException e) {
      if (isRabbitMq()) {
        throw e;
      }
    }
  }

  private static boolean isListening(URI uri) {
    try (Socket socket = new Socket()) {
      int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
      socket.connect(new InetSocketAddress(uri.getHost(), port), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
