package org.workermanager.app.example;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Speaks TLS before a broker that does not, with a certificate of its own making. */
final class TlsFront implements AutoCloseable {

  private final int brokerPort;
  private final HeldCertificate certificate =
      new HeldCertificate.Builder()
          .commonName("front")
          .addSubjectAlternativeName("localhost")
          .build();
  private final ServerSocket server;
  private final CountDownLatch connections;

  /**
   * @param connections counts those that are made
   */
  TlsFront(int brokerPort, CountDownLatch connections) throws IOException {
    this.brokerPort = brokerPort;
    this.connections = connections;
    SSLContext tls =
        new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext();
    server =
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Writes its certificate to a file, in PEM. */
  Path certificate(Path file) throws IOException {
    return Files.writeString(file, certificate.certificatePem());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        connections.countDown();
        Socket broker = new Socket("127.0.0.1", brokerPort);
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

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "front");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
