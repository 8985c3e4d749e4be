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
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.CuttableProxy;
import org.workermanager.amqp.TestBroker;

/** {@code amqps://}, to a broker behind a proxy that speaks TLS. */
class TlsTest {

  private static final String[] THIS_HOST = {"localhost", "127.0.0.1"};

  @TempDir private static Path folder;

  private static HeldCertificate authority;
  private static HeldCertificate another;
  private static TrustedCertificates trusted;

  @BeforeAll
  static void makeAuthorities() throws IOException {
    authority = authority("ours");
    another = authority("another");
    trusted = TrustedCertificates.read(pem(authority));
  }

  private static HeldCertificate authority(String name) {
    return new HeldCertificate.Builder().commonName(name).certificateAuthority(0).build();
  }

  private static Path pem(HeldCertificate... certificates) throws IOException {
    return Files.write(
        folder.resolve("trusted.pem"),
        Stream.of(certificates).map(HeldCertificate::certificatePem).toList());
  }

  private static HeldCertificate.Builder forHosts(String... hosts) {
    HeldCertificate.Builder wanted = new HeldCertificate.Builder();
    List.of(hosts).forEach(wanted::addSubjectAlternativeName);
    return wanted;
  }

  private static long day(int fromToday) {
    return Instant.now().plus(fromToday, ChronoUnit.DAYS).toEpochMilli();
  }

  private static SSLContext server(HeldCertificate own, X509Certificate... issuers) {
    return new HandshakeCertificates.Builder().heldCertificate(own, issuers).build().sslContext();
  }

  private static SSLContext server(HeldCertificate.Builder wanted, HeldCertificate by) {
    return server(wanted.signedBy(by).build(), by.certificate());
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
    try (CuttableProxy proxy = proxy(server(forHosts(THIS_HOST), authority))) {
      use(address(proxy, "localhost").trusting(trusted));
      use(address(proxy, "127.0.0.1").trusting(trusted));
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    SSLContext elsewhere = server(forHosts("broker.example", "192.0.2.1"), authority);
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
    HeldCertificate nameless = authority("nameless");
    try (CuttableProxy proxy = proxy(server(nameless))) {
      BrokerAddress address = address(proxy, "localhost");
      String said = refusal(address.trusting(TrustedCertificates.read(pem(nameless))));
      assertTrue(said.startsWith("its certificate is for CN=nameless, not for localhost: "), said);
    }
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    assertRefused(
        server(forHosts(THIS_HOST).validityInterval(day(-3), day(-1)), authority),
        "localhost",
        "its certificate expired on \\d{4}-\\d\\d-\\d\\dT\\S+Z: have it renewed");
  }

  @Test
  void aCertificateOfTheFutureIsRefused() throws Exception {
    assertRefused(
        server(forHosts(THIS_HOST).validityInterval(day(1), day(3)), authority),
        "localhost",
        "its certificate is valid from \\d{4}-\\d\\d-\\d\\dT\\S+Z only: check the clocks");
  }

  @Test
  void aCertificateFromAnybodyElseIsRefused() throws Exception {
    SSLContext server = server(forHosts(THIS_HOST), another);
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
    HeldCertificate old =
        forHosts("localhost").commonName("old").validityInterval(day(-3), day(-1)).build();
    try (CuttableProxy proxy = proxy(server(old))) {
      BrokerAddress address = address(proxy, "localhost");
      String said = refusal(address.trusting(TrustedCertificates.read(pem(old, authority))));
      assertTrue(said.startsWith("its certificate expired on "), said);
    }
    String said =
        assertThrows(IllegalArgumentException.class, () -> TrustedCertificates.read(pem(old)))
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
    try (CuttableProxy proxy = proxy(server(authority))) {
      BrokerAddress address = BrokerAddress.parse(proxy.uri());
      String said =
          AmqpErrors.describe(assertThrows(IOException.class, () -> address.connect("tls test")));
      assertTrue(said.contains("begins with amqps:// if the port is for TLS"), said);
    }
  }

  @Test
  void oneFileMayNameSeveralAuthorities() throws Exception {
    Path both = folder.resolve("both.pem");
    Files.writeString(both, another.certificatePem() + "and\n" + authority.certificatePem());
    try (CuttableProxy proxy = proxy(server(forHosts(THIS_HOST), authority))) {
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
