package org.workermanager.amqp.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A broker that runs in this process and listens on 127.0.0.1 only. Any AMQP 0-9-1 client can use
 * it, with user and password {@code guest}.
 *
 * <p>Several brokers can run in one process, each with its own port and work directory. Starting
 * and closing may be done from any thread.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String ADDRESS = "127.0.0.1";
  private static final String USER = "guest";

  private final Qpid qpid;
  private final String virtualHost;
  private final int port;

  private EmbeddedBroker(Qpid qpid, String virtualHost, int port) {
    this.qpid = qpid;
    this.virtualHost = virtualHost;
    this.port = port;
  }

  /**
   * Starts a broker and returns once it accepts connections.
   *
   * @param qpidClasses a class loader that sees Qpid Broker-J, its AMQP 0-8 protocol and its memory
   *     store
   * @param port the port to listen on, 0 for any free one
   * @param virtualHost the name of the broker's only virtual host, as clients give it
   * @param workDirectory where the broker writes its files; created when missing; no other broker
   *     may use it
   * @return the running broker
   * @throws PortInUseException when something else listens on the port
   * @throws EmbeddedBrokerException when the broker doesn't start for any other reason
   */
  public static EmbeddedBroker start(
      ClassLoader qpidClasses, int port, String virtualHost, Path workDirectory) {
    Objects.requireNonNull(virtualHost, "virtualHost");
    requireFree(port);
    Map<String, Object> configuration = configuration(port, virtualHost, workDirectory);
    QueueArguments.teach(qpidClasses);
    Qpid qpid = new Qpid(qpidClasses);
    try {
      BrokerObject broker = qpid.start(configuration);
      BrokerObject node = active(broker, "VirtualHostNode");
      DeadLettering.install(active(node, "VirtualHost"));
      int boundPort = Integer.parseInt(active(broker, "Port").attribute("boundPort").orElseThrow());
      return new EmbeddedBroker(qpid, virtualHost, boundPort);
    } catch (RuntimeException e) {
      try {
        qpid.stop();
      } catch (RuntimeException alsoNotStopped) {
        e.addSuppressed(alsoNotStopped);
      }
      // Somebody may have taken the port between our look and Qpid's.
      requireFree(port);
      throw e;
    }
  }

  /**
   * Tells where the broker listens.
   *
   * @return the port on 127.0.0.1
   */
  public int port() {
    return port;
  }

  /**
   * Tells how to connect.
   *
   * @return an AMQP URI with user, password, port and virtual host
   */
  public String uri() {
    String path = URLEncoder.encode(virtualHost, StandardCharsets.UTF_8).replace("+", "%20");
    return "amqp://" + USER + ":" + USER + "@" + ADDRESS + ":" + port + "/" + path;
  }

  /**
   * Stops the broker: connections are cut, the port and every thread are given back. Does nothing
   * when it is stopped already.
   *
   * @throws EmbeddedBrokerException when the broker doesn't stop within 30 seconds
   */
  @Override
  public void close() {
    qpid.stop();
  }

  private static Map<String, Object> configuration(
      int port, String virtualHost, Path workDirectory) {
    try {
      return BrokerConfiguration.write(
          port, virtualHost, Files.createDirectories(workDirectory.toAbsolutePath()));
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "Cannot write the embedded broker's files to " + workDirectory + ": " + e, e);
    }
  }

  /**
   * The only child of its category, which Qpid leaves in error, and goes on, when it could not
   * start it.
   */
  private static BrokerObject active(BrokerObject parent, String category) {
    BrokerObject child = parent.children(category).get(0);
    if (!child.isActive()) {
      throw new EmbeddedBrokerException(
          "The embedded broker does not start: its "
              + category
              + " is in error; the log of org.apache.qpid says why");
    }
    return child;
  }

  private static void requireFree(int port) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(ADDRESS, port));
    } catch (BindException e) {
      throw new PortInUseException(port, e);
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "Cannot listen on port " + port + " of " + ADDRESS + ": " + e.getMessage(), e);
    }
  }
}
