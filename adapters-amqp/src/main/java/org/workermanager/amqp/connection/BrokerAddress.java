package org.workermanager.amqp.connection;

import static java.util.Objects.requireNonNull;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a broker is and how to log in: an AMQP URI, {@code
 * amqp://user:password@host:port/virtual-host}. With {@code amqps://} the broker's certificate is
 * verified against those that Java trusts, or {@link #trusting others}, its host name included.
 */
public final class BrokerAddress {

  /** The virtual host of a URI that names none (PROTOCOL, introduction). */
  public static final String DEFAULT_VIRTUAL_HOST = "regards.multitenant.manager";

  private static final int HEARTBEAT_SECONDS = 10;
  private static final int TIMEOUT_MILLIS = 10_000;

  private static final int DEFAULT_PORT = 5672;
  private static final int DEFAULT_TLS_PORT = 5671;
  private static final int LARGEST_PORT = 65_535;

  /** Not java.net.URI's idea of a host: names in container networks have underscores. */
  private static final Pattern URI =
      Pattern.compile(
          "(amqps?)://"
              + "(?:(?<user>[^:@/?#\\s]*)(?::(?<password>[^@/?#\\s]*))?@)?"
              + "(?<host>[a-zA-Z0-9._-]+|\\[[0-9a-fA-F:.%]+])"
              + "(?::(?<port>[0-9]{1,9}))?"
              + "(?:/(?<vhost>[^/?#]*))?");

  private final boolean tls;
  private final String host;
  private final int port;
  private final String user;
  private final String password;
  private final String virtualHost;
  private final TrustedCertificates trusted;

  private BrokerAddress(Matcher uri) {
    tls = uri.group(1).equals("amqps");
    host = uri.group("host").replaceAll("[\\[\\]]", "");
    port = port(uri.group("port"), tls);
    user = decoded(uri.group("user"), ConnectionFactory.DEFAULT_USER);
    password = decoded(uri.group("password"), ConnectionFactory.DEFAULT_PASS);
    String named = decoded(uri.group("vhost"), DEFAULT_VIRTUAL_HOST);
    virtualHost = named.isEmpty() ? DEFAULT_VIRTUAL_HOST : named;
    trusted = TrustedCertificates.OF_JAVA;
  }

  private BrokerAddress(BrokerAddress other, TrustedCertificates trusted) {
    tls = other.tls;
    host = other.host;
    port = other.port;
    user = other.user;
    password = other.password;
    virtualHost = other.virtualHost;
    this.trusted = trusted;
  }

  /**
   * Reads an AMQP URI. Characters that mean something in URIs are written as %-escapes: the virtual
   * host / is {@code %2F}.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat it, since it may
   *     hold a password
   */
  public static BrokerAddress parse(String text) {
    Matcher uri = URI.matcher(text);
    if (!uri.matches()) {
      throw new IllegalArgumentException(
          "must look like amqp://user:password@host:5672/virtual-host, or amqps://, with"
              + " %-escapes for special characters (%40 for @, %2F for /)");
    }
    return new BrokerAddress(uri);
  }

  /** The same, with only these trusted to say who the broker is; for {@code amqps://}. */
  public BrokerAddress trusting(TrustedCertificates authorities) {
    return new BrokerAddress(this, requireNonNull(authorities, "authorities"));
  }

  /** Whether connections are encrypted, and the broker's certificate verified. */
  public boolean isSecure() {
    return tls;
  }

  private static int port(String text, boolean tls) {
    if (text == null) {
      return tls ? DEFAULT_TLS_PORT : DEFAULT_PORT;
    }
    int port = Integer.parseInt(text);
    if (port < 1 || port > LARGEST_PORT) {
      throw new IllegalArgumentException("must have a port from 1 to 65535, not " + port);
    }
    return port;
  }

  private static String decoded(String text, String absent) {
    if (text == null) {
      return absent;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // without its cause, which repeats the text
      throw new IllegalArgumentException("has a % that no two hexadecimal digits follow");
    }
  }

  /**
   * Opens a connection. It does not recover by itself: whoever uses it opens another.
   *
   * @param name shown by the broker to its operators, and the prefix of its threads' names
   */
  public Connection connect(String name) throws IOException, TimeoutException {
    return connect(name, new InboundLimit(Long.MAX_VALUE), Integer.MAX_VALUE);
  }

  /**
   * The same for a connection whose deliveries are limited.
   *
   * @param limit of all that waits to be handled
   * @param largestBody of a message, in bytes; of what is larger only the properties arrive
   */
  public Connection connect(String name, InboundLimit limit, int largestBody)
      throws IOException, TimeoutException {
    ConnectionFactory factory =
        factory(
            frames -> limit.over(new DroppedBodies(new UnreadableHeaders(frames), largestBody)));
    factory.setThreadFactory(daemons(name));
    // or closing a socket waits for whoever is writing, and of a connection that is lost in the
    // middle of a message nobody hears. No thread stays idle
    factory.setShutdownExecutor(
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons(name)));
    return factory.newConnection(name);
  }

  /** Host, port and virtual host, for people. */
  @Override
  public String toString() {
    return host + ":" + port + ", virtual host '" + virtualHost + "'";
  }

  private ConnectionFactory factory(UnaryOperator<FrameHandler> filter) throws IOException {
    ConnectionFactory factory = new FilteringFactory(filter);
    factory.setHost(host);
    factory.setPort(port);
    factory.setUsername(user);
    factory.setPassword(password);
    factory.setVirtualHost(virtualHost);
    if (tls) {
      factory.useSslProtocol(trusted.context());
      factory.enableHostnameVerification();
    }
    // without it the embedded broker unpacks bodies that say they are gzip
    Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
    properties.put("qpid.message_compression_supported", "true");
    factory.setClientProperties(properties);
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

  private static final class FilteringFactory extends ConnectionFactory {

    private final UnaryOperator<FrameHandler> filter;

    FilteringFactory(UnaryOperator<FrameHandler> filter) {
      this.filter = filter;
    }

    @Override
    protected synchronized FrameHandlerFactory createFrameHandlerFactory() throws IOException {
      FrameHandlerFactory usual = super.createFrameHandlerFactory();
      return (address, name) -> filter.apply(usual.create(address, name));
    }
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
