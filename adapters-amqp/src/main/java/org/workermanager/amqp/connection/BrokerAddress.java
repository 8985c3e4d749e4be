package org.workermanager.amqp.connection;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Where a broker is and how to log in: an AMQP URI, {@code
 * amqp://user:password@host:port/virtual-host}. With {@code amqps://} the broker's certificate is
 * verified against the platform's trusted ones, its host name included.
 */
public final class BrokerAddress {

  /** The virtual host of a URI that names none (PROTOCOL, introduction). */
  public static final String DEFAULT_VIRTUAL_HOST = "regards.multitenant.manager";

  private static final int HEARTBEAT_SECONDS = 10;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final URI uri;

  private BrokerAddress(URI uri) {
    this.uri = uri;
  }

  /**
   * Reads an AMQP URI.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat it, since it may
   *     hold a password
   */
  public static BrokerAddress parse(String text) {
    try {
      URI uri = new URI(text);
      boolean amqp = "amqp".equals(uri.getScheme()) || "amqps".equals(uri.getScheme());
      if (!amqp || uri.getHost() == null) {
        throw new IllegalArgumentException(
            "must look like amqp://user:password@host:5672/virtual-host, or amqps://");
      }
      BrokerAddress address = new BrokerAddress(uri);
      address.factory();
      return address;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "is no URI: " + e.getReason() + " at character " + e.getIndex(), e);
    }
  }

  /**
   * Opens a connection. It does not recover by itself: whoever uses it opens another.
   *
   * @param name shown by the broker to its operators, and the prefix of its threads' names
   */
  public Connection connect(String name) throws IOException, TimeoutException {
    ConnectionFactory factory = factory();
    factory.setThreadFactory(daemons(name));
    return factory.newConnection(name);
  }

  /** Host, port and virtual host, for people. */
  @Override
  public String toString() {
    ConnectionFactory factory = factory();
    return factory.getHost()
        + ":"
        + factory.getPort()
        + ", virtual host '"
        + factory.getVirtualHost()
        + "'";
  }

  private ConnectionFactory factory() {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setVirtualHost(DEFAULT_VIRTUAL_HOST);
      factory.setUri(uri);
      if ("amqps".equals(uri.getScheme())) {
        factory.useSslProtocol(SSLContext.getDefault());
        factory.enableHostnameVerification();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot be used as AMQP URI: " + e.getMessage(), e);
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setConnectionTimeout(TIMEOUT_MILLIS);
    factory.setHandshakeTimeout(TIMEOUT_MILLIS);
    factory.setShutdownTimeout(TIMEOUT_MILLIS / 5);
    factory.setChannelRpcTimeout(TIMEOUT_MILLIS);
    // brokers limit what they deliver; a limit here would close the connection over one large
    // message
    factory.setMaxInboundMessageBodySize(Integer.MAX_VALUE);
    return factory;
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
