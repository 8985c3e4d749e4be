package org.workermanager.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands between a client and a broker, and cuts their connections when told to. */
public final class CuttableProxy implements AutoCloseable {

  private final URI target;
  private final ServerSocket server;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  public CuttableProxy(String targetUri) throws IOException {
    this(targetUri, new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
  }

  /**
   * @param server where clients connect to
   */
  public CuttableProxy(String targetUri, ServerSocket server) {
    this.target = URI.create(targetUri);
    this.server = server;
    daemon(this::accept);
  }

  /** The target's URI, by way of this proxy. */
  public String uri() {
    return target.toString().replace(":" + target.getPort(), ":" + server.getLocalPort());
  }

  /** Cuts all connections; new ones can be made. */
  public void cut() {
    for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
      close(socket);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket broker = new Socket(target.getHost(), target.getPort());
        sockets.add(client);
        sockets.add(broker);
        daemon(() -> pass(client, broker));
        daemon(() -> pass(broker, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void pass(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // cut
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed is closed
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
