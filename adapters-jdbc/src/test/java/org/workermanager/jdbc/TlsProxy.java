package org.workermanager.jdbc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;

/** PostgreSQL with TLS: stands before one without. */
final class TlsProxy implements AutoCloseable {

  private static final int LENGTH_OF_REQUEST = 8;
  private static final int CODE_OF_REQUEST = 80877103;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final URI target;
  private final SSLContext tls;

  /**
   * @param targetUrl of the real one, for JDBC
   * @param tls null to have none after all
   */
  TlsProxy(String targetUrl, SSLContext tls) throws IOException {
    this.target = URI.create(targetUrl.substring("jdbc:".length()));
    this.tls = tls;
    daemon(this::accept);
  }

  /** The target's URL, by way of this proxy. */
  String url(String host) {
    return "jdbc:" + target.toString().replace(target.getRawAuthority(), host + ":" + port());
  }

  private int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        daemon(() -> connect(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** The client asks for TLS before it begins. */
  private void connect(Socket client) {
    try {
      DataInputStream in = new DataInputStream(client.getInputStream());
      if (in.readInt() != LENGTH_OF_REQUEST || in.readInt() != CODE_OF_REQUEST) {
        throw new IOException("No request for TLS");
      }
      client.getOutputStream().write(tls == null ? 'N' : 'S');
      if (tls == null) {
        return;
      }
      Socket secure =
          tls.getSocketFactory().createSocket(client, InputStream.nullInputStream(), true);
      Socket database = new Socket(target.getHost(), target.getPort());
      sockets.add(database);
      daemon(() -> pass(database, secure));
      pass(secure, database);
    } catch (IOException e) {
      close(client);
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
    sockets.forEach(TlsProxy::close);
  }
}
