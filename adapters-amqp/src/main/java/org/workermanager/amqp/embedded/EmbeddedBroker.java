package org.workermanager.amqp.embedded;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
  private final WorkDirectory directory;
  private final String virtualHost;
  private final int port;

  private EmbeddedBroker(Qpid qpid, WorkDirectory directory, String virtualHost, int port) {
    this.qpid = qpid;
    this.directory = directory;
    this.virtualHost = virtualHost;
    this.port = port;
  }

  /**
   * Starts a broker and returns once it accepts connections. Durable queues and exchanges, bindings
   * and persistent messages that an earlier broker left in the directory are there again.
   *
   * @param qpidClasses a class loader that sees Qpid Broker-J, its AMQP 0-8 protocol and its BDB
   *     store
   * @param port the port to listen on, 0 for any free one
   * @param virtualHost the name of the broker's only virtual host, as clients give it; the same
   *     whenever this directory is used
   * @param workDirectory where the broker writes its files; created when missing
   * @return the running broker
   * @throws PortInUseException when something else listens on the port
   * @throws EmbeddedBrokerException when the broker doesn't start for any other reason
   */
  public static EmbeddedBroker start(
      ClassLoader qpidClasses, int port, String virtualHost, Path workDirectory) {
    Objects.requireNonNull(virtualHost, "virtualHost");
    requireFree(port);
    WorkDirectory directory = WorkDirectory.open(workDirectory);
    try {
      QueueArguments.teach(qpidClasses);
      Qpid qpid = new Qpid(qpidClasses);
      try {
        int boundPort = start(qpid, port, virtualHost, directory.path());
        return new EmbeddedBroker(qpid, directory, virtualHost, boundPort);
      } catch (RuntimeException e) {
        suppressing(e, qpid::stop);
        // Somebody may have taken the port between our look and Qpid's.
        requireFree(port);
        throw e;
      }
    } catch (RuntimeException e) {
      suppressing(e, directory::close);
      throw e;
    }
  }

  /** The port is opened last, so that no client meets a virtual host which is not ready. */
  private static int start(Qpid qpid, int port, String virtualHost, Path directory) {
    BrokerObject broker = qpid.start(BrokerConfiguration.write(port, virtualHost, directory));
    BrokerObject host = active(active(broker, "VirtualHostNode"), "VirtualHost");
    if (!host.name().equals(virtualHost)) {
      throw new EmbeddedBrokerException(
          directory
              + " keeps the messages of virtual host "
              + host.name()
              + ", not "
              + virtualHost);
    }
    Housekeeping.takeOver(host);
    deleteOrphans(host);
    DeadLettering.install(host);
    broker.children("Port").get(0).set("desiredState", "ACTIVE");
    return Integer.parseInt(active(broker, "Port").attribute("boundPort").orElseThrow());
  }

  /** Queues to be deleted with their last consumer, when that went with a broker that crashed. */
  private static void deleteOrphans(BrokerObject host) {
    for (BrokerObject queue : host.children("Queue")) {
      if (!queue.attribute("lifetimePolicy").orElseThrow().equals("PERMANENT")) {
        queue.delete();
      }
    }
  }

  /** Whether a connection leads to such a broker, in this process or another. */
  public static boolean isBehind(Connection connection) {
    return String.valueOf(connection.getServerProperties().get("product")).contains("Qpid");
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
    try {
      qpid.stop();
    } finally {
      directory.close();
    }
  }

  private static void suppressing(RuntimeException failure, Runnable cleanUp) {
    try {
      cleanUp.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
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
              + " is in error; the log of org.apache.qpid says why. If its files are damaged, move its folder away");
    }
    return child;
  }

  private static void requireFree(int port) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(ADDRESS, port));
    } catch (IOException e) {
      // a port that this user may not open is another matter
      if (e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")) {
        throw new PortInUseException(port, e);
      }
      throw new EmbeddedBrokerException(
          "Cannot listen on port " + port + " of " + ADDRESS + ": " + e.getMessage(), e);
    }
  }
}
