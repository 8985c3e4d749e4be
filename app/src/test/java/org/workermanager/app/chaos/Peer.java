package org.workermanager.app.chaos;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurators;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Somebody who talks AMQP and connects again whenever the connection is lost, on a thread of its
 * own.
 */
abstract class Peer implements AutoCloseable {

  private static final int HEARTBEAT_SECONDS = 5;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ABORT_MILLIS = 1_000;

  private final String name;
  private final ConnectionFactory factory = new ConnectionFactory();
  private final Thread thread;
  private volatile boolean away;
  private volatile boolean closing;
  private volatile Socket socket;

  /**
   * @param port of the broker, on 127.0.0.1
   */
  Peer(String name, int port) {
    this.name = name;
    thread = new Thread(this::live, name);
    thread.setDaemon(true);
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setVirtualHost(Wire.VIRTUAL_HOST);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    factory.setChannelRpcTimeout(CONNECT_MILLIS);
    // losing connections is what it is for: not worth a line
    factory.setExceptionHandler(
        new ForgivingExceptionHandler() {
          @Override
          protected void log(String message, Throwable e) {}
        });
    factory.setSocketConfigurator(
        opened -> {
          SocketConfigurators.defaultConfigurator().configure(opened);
          socket = opened;
        });
  }

  String name() {
    return name;
  }

  void start() {
    thread.start();
  }

  /**
   * Does what it does on a new connection, while it {@linkplain #isOn is on}; whatever is thrown
   * costs the connection.
   */
  abstract void attend(Connection connection) throws Exception;

  boolean isOn(Connection connection) {
    return !away && !closing && connection.isOpen();
  }

  private void live() {
    RandomGenerator random = RandomGenerator.getDefault();
    while (!closing) {
      if (!away) {
        liveOnce();
      }
      try {
        Patience.rest(Duration.ofMillis(random.nextInt(100, 500)));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void liveOnce() {
    try {
      Connection connection = factory.newConnection(name);
      try {
        attend(connection);
      } finally {
        connection.abort(ABORT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | TimeoutException | RuntimeException e) {
      // lost: once more
    } catch (Exception e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Loses its connection as a process does that is killed: without a word. */
  void crash() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  /** Leaves until it {@linkplain #comeBack comes back}. */
  void goHome() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
  }
}
