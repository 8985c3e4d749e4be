package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Speaks TLS before a broker that does not, with a certificate of its own making. */
final class TlsFront implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final int brokerPort;
  private final KeyStore keys;
  private final ServerSocket server;
  private final CountDownLatch connections;

  /**
   * @param folder for its files
   * @param connections counts those that are made
   */
  TlsFront(Path folder, int brokerPort, CountDownLatch connections) throws Exception {
    this.brokerPort = brokerPort;
    this.connections = connections;
    keys = makeKeys(folder.resolve("front.p12"));
    KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
    manager.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(manager.getKeyManagers(), null, null);
    server =
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  private static KeyStore makeKeys(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=front",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  int port() {
    return server.getLocalPort();
  }

  /** Writes its certificate to a file, in PEM. */
  Path certificate(Path file) throws Exception {
    byte[] certificate = keys.getCertificate(keys.aliases().nextElement()).getEncoded();
    String text = Base64.getMimeEncoder().encodeToString(certificate);
    return Files.writeString(
        file, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
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
