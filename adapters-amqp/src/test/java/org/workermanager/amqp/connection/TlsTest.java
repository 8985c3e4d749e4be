package org.workermanager.amqp.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.CuttableProxy;
import org.workermanager.amqp.TestBroker;

/** {@code amqps://}, to a broker behind a proxy that speaks TLS. */
class TlsTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private static SSLContext before;
  private static SSLContext ofThisHost;
  private static SSLContext ofAnotherHost;
  private static SSLContext unknown;

  @BeforeAll
  static void makeCertificates(@TempDir Path folder) throws Exception {
    before = SSLContext.getDefault();
    KeyStore thisHost = certificate(folder.resolve("this"), "dns:localhost,ip:127.0.0.1", "365");
    KeyStore anotherHost = certificate(folder.resolve("another"), "dns:elsewhere", "365");
    ofThisHost = server(thisHost);
    ofAnotherHost = server(anotherHost);
    unknown = server(certificate(folder.resolve("unknown"), "dns:localhost", "365"));
    SSLContext.setDefault(trusting(thisHost, anotherHost));
  }

  @AfterAll
  static void restore() {
    SSLContext.setDefault(before);
  }

  private static KeyStore certificate(Path file, String name, String days) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "broker",
                "-dname",
                "CN=broker",
                "-ext",
                "san=" + name,
                "-validity",
                days,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertEquals(0, keytool.waitFor());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static SSLContext server(KeyStore key) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(key, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static SSLContext trusting(KeyStore... servers) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (int i = 0; i < servers.length; i++) {
      trusted.setCertificateEntry("broker" + i, servers[i].getCertificate("broker"));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static Connection connect(SSLContext server, String host) throws Exception {
    String uri = TestBroker.REAL.uri();
    ServerSocket socket =
        server
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    try (CuttableProxy proxy = new CuttableProxy(uri, socket)) {
      String secure =
          proxy.uri().replace("amqp://", "amqps://").replace("@127.0.0.1:", "@" + host + ":");
      Connection connection = BrokerAddress.parse(secure).connect("tls test");
      try {
        assertTrue(connection.createChannel().queueDeclare().getQueue().length() > 0);
      } finally {
        connection.abort();
      }
      return connection;
    }
  }

  private static String refusal(SSLContext server, String host) {
    return AmqpErrors.describe(assertThrows(IOException.class, () -> connect(server, host)));
  }

  @Test
  void aTrustedCertificateOfTheHostIsTaken() throws Exception {
    connect(ofThisHost, "localhost");
    connect(ofThisHost, "127.0.0.1");
  }

  @Test
  void aTrustedCertificateOfAnotherHostIsRefused() {
    for (String host : new String[] {"localhost", "127.0.0.1"}) {
      String said = refusal(ofAnotherHost, host);
      assertTrue(said.startsWith("no secure connection: ") && said.contains(host), said);
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    String said = refusal(unknown, "localhost");
    assertTrue(said.startsWith("no secure connection: ") && said.contains("PKIX"), said);
  }
}
