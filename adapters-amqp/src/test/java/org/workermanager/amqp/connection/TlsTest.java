package org.workermanager.amqp.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.CuttableProxy;
import org.workermanager.amqp.TestBroker;

/** {@code amqps://}, to a broker behind a proxy that speaks TLS. */
class TlsTest {

  private static final String THIS_HOST = "dns:localhost,ip:127.0.0.1";

  @TempDir private static Path folder;

  private static TestAuthority authority;
  private static TestAuthority another;
  private static TrustedCertificates trusted;

  @BeforeAll
  static void makeAuthorities() throws Exception {
    authority = new TestAuthority(folder, "ours", "-1d", 2);
    another = new TestAuthority(folder, "another", "-1d", 2);
    trusted = TrustedCertificates.read(authority.pem());
  }

  private static CuttableProxy proxy(SSLContext server) throws Exception {
    ServerSocket socket =
        server
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    return new CuttableProxy(TestBroker.REAL.uri(), socket);
  }

  private static BrokerAddress address(CuttableProxy proxy, String host) {
    String uri =
        proxy.uri().replace("amqp://", "amqps://").replace("@127.0.0.1:", "@" + host + ":");
    return BrokerAddress.parse(uri);
  }

  private static void use(BrokerAddress address) throws IOException, TimeoutException {
    Connection connection = address.connect("tls test");
    try {
      assertTrue(connection.createChannel().queueDeclare().getQueue().length() > 0);
    } finally {
      connection.abort();
    }
  }

  private static String refusal(BrokerAddress address) {
    String said =
        AmqpErrors.describe(assertThrows(IOException.class, () -> address.connect("tls test")));
    String start = "no secure connection: ";
    assertTrue(said.startsWith(start), said);
    return said.substring(start.length());
  }

  private static void assertRefused(SSLContext server, String host, String why) throws Exception {
    try (CuttableProxy proxy = proxy(server)) {
      String said = refusal(address(proxy, host).trusting(trusted));
      assertTrue(Pattern.matches(why, said), said);
    }
  }

  @Test
  void theHostsCertificateFromTheNamedAuthorityIsTaken() throws Exception {
    try (CuttableProxy proxy = proxy(authority.server(THIS_HOST, "-1d", 2))) {
      use(address(proxy, "localhost").trusting(trusted));
      use(address(proxy, "127.0.0.1").trusting(trusted));
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    SSLContext elsewhere = authority.server("dns:broker.example,ip:192.0.2.1", "-1d", 2);
    for (String host : new String[] {"localhost", "127.0.0.1"}) {
      assertRefused(
          elsewhere,
          host,
          "its certificate is for 192\\.0\\.2\\.1, broker\\.example, not for %s: use a name .*"
              .formatted(host));
    }
  }

  @Test
  void aCertificateWithoutHostsIsRefused() throws Exception {
    TestAuthority nameless = new TestAuthority(folder, "nameless", "-1d", 2, "bc:c");
    try (CuttableProxy proxy = proxy(nameless.server())) {
      BrokerAddress address = address(proxy, "localhost");
      String said = refusal(address.trusting(TrustedCertificates.read(nameless.pem())));
      assertTrue(said.startsWith("its certificate is for CN=nameless, not for localhost: "), said);
    }
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    assertRefused(
        authority.server(THIS_HOST, "-3d", 2),
        "localhost",
        "its certificate expired on \\d{4}-\\d\\d-\\d\\dT\\S+Z: have it renewed");
  }

  @Test
  void aCertificateOfTheFutureIsRefused() throws Exception {
    assertRefused(
        authority.server(THIS_HOST, "+1d", 2),
        "localhost",
        "its certificate is valid from \\d{4}-\\d\\d-\\d\\dT\\S+Z only: check the clocks");
  }

  @Test
  void aCertificateFromAnybodyElseIsRefused() throws Exception {
    SSLContext server = another.server(THIS_HOST, "-1d", 2);
    String why =
        "its certificate was issued by CN=another, whom nobody here trusts: .*--amqp-ca FILE.*";
    assertRefused(server, "localhost", why);
    try (CuttableProxy proxy = proxy(server)) {
      // as Java does by itself
      String said = refusal(address(proxy, "localhost"));
      assertTrue(Pattern.matches(why, said), said);
    }
  }

  @Test
  void anExpiredCertificateIsRefusedEvenIfItIsTrustedByItself() throws Exception {
    TestAuthority old = new TestAuthority(folder, "old", "-3d", 2);
    Path both = folder.resolve("old and ours.pem");
    Files.writeString(both, Files.readString(old.pem()) + Files.readString(authority.pem()));
    try (CuttableProxy proxy = proxy(old.server())) {
      BrokerAddress address = address(proxy, "localhost");
      String said = refusal(address.trusting(TrustedCertificates.read(both)));
      assertTrue(said.startsWith("its certificate expired on "), said);
    }
    String said =
        assertThrows(IllegalArgumentException.class, () -> TrustedCertificates.read(old.pem()))
            .getMessage();
    assertTrue(
        said.startsWith("has no certificate in it that is still valid: CN=old expired on "), said);
  }

  @Test
  void aBrokerWithoutTlsIsToldApart() throws Exception {
    try (CuttableProxy proxy = new CuttableProxy(TestBroker.REAL.uri())) {
      String said = refusal(address(proxy, "localhost").trusting(trusted));
      assertTrue(said.startsWith("what listens there does not speak TLS"), said);
    }
  }

  @Test
  void aPortForTlsIsToldToWhoDoesNotSpeakIt() throws Exception {
    try (CuttableProxy proxy = proxy(authority.server())) {
      BrokerAddress address = BrokerAddress.parse(proxy.uri());
      String said =
          AmqpErrors.describe(assertThrows(IOException.class, () -> address.connect("tls test")));
      assertTrue(said.contains("begins with amqps:// if the port is for TLS"), said);
    }
  }

  @Test
  void oneFileMayNameSeveralAuthorities() throws Exception {
    Path both = folder.resolve("both.pem");
    Files.writeString(
        both, Files.readString(another.pem()) + "and\n" + Files.readString(authority.pem()));
    try (CuttableProxy proxy = proxy(authority.server(THIS_HOST, "-1d", 2))) {
      use(address(proxy, "localhost").trusting(TrustedCertificates.read(both)));
    }
  }

  @Test
  void aFileThatNamesNobodyIsRefused() throws Exception {
    String key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    for (String text : List.of("", "nonsense", key, key.replace("PRIVATE KEY", "CERTIFICATE"))) {
      Path file = Files.writeString(folder.resolve("nobody.pem"), text);
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> TrustedCertificates.read(file));
      assertEquals("must be certificates in PEM, and nothing else: " + file, refusal.getMessage());
      assertNull(refusal.getCause());
    }
    assertEquals(
        "is not there: missing.pem",
        assertThrows(
                IllegalArgumentException.class,
                () -> TrustedCertificates.read(Path.of("missing.pem")))
            .getMessage());
  }
}
