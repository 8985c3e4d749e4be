package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL behind a proxy that speaks TLS, verified as its URL says. */
class TlsTest {

  private static final String[] THIS_HOST = {"localhost", "127.0.0.1"};

  @TempDir private static Path folder;

  private static JdbcSettings database;
  private static HeldCertificate authority;
  private static Path trusted;

  @BeforeAll
  static void makeAuthority() throws IOException {
    database = TestDatabases.postgreSql();
    assumeTrue(database.databaseUrl().dialect() == Dialect.POSTGRESQL, "there is no PostgreSQL");
    authority = authority("ours");
    trusted = Files.writeString(folder.resolve("ours.pem"), authority.certificatePem());
  }

  @AfterAll
  static void drop() {
    TestDatabases.drop(database);
  }

  private static HeldCertificate authority(String name) {
    return new HeldCertificate.Builder().commonName(name).certificateAuthority(0).build();
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

  private static JdbcSettings settings(TlsProxy proxy, String host, String parameters) {
    return JdbcSettings.of(proxy.url(host) + "&" + parameters, null, "q7secret");
  }

  private static String verifying(Path authorities) {
    return "sslmode=verify-full&sslrootcert=" + authorities;
  }

  private static void use(JdbcSettings settings) {
    try (JdbcStores stores = JdbcStores.open(settings)) {
      assertNotNull(stores.stores().requests().abandonedBatches());
    }
  }

  private static void assertRefused(JdbcSettings settings, String why) {
    DatabaseNotUsableException refusal =
        assertThrows(DatabaseNotUsableException.class, () -> JdbcStores.open(settings));
    String message = refusal.getMessage();
    assertTrue(
        Pattern.matches(Pattern.quote("Database " + settings.database() + ": ") + why, message),
        message);
    assertFalse(refusal.isLasting(), "it may be put right on the other side");
    for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      assertFalse(cause.toString().contains("q7secret"), cause::toString);
    }
  }

  private static void assertRefused(SSLContext server, String host, String why) throws Exception {
    try (TlsProxy proxy = new TlsProxy(database.url(), server)) {
      assertRefused(settings(proxy, host, verifying(trusted)), why);
    }
  }

  @Test
  void theHostsCertificateFromTheNamedAuthorityIsTaken() throws Exception {
    try (TlsProxy proxy = new TlsProxy(database.url(), server(forHosts(THIS_HOST), authority))) {
      use(settings(proxy, "localhost", verifying(trusted)));
      use(settings(proxy, "127.0.0.1", verifying(trusted)));
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    SSLContext elsewhere = server(forHosts("db.example"), authority);
    String why = "its certificate is not for the host in the JDBC URL: .*";
    assertRefused(elsewhere, "localhost", why);
    assertRefused(elsewhere, "127.0.0.1", why);
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
    HeldCertificate another = authority("another");
    String why = "its certificate was issued by somebody whom nobody here trusts: .*sslrootcert.*";
    assertRefused(server(forHosts(THIS_HOST), another), "localhost", why);
    try (TlsProxy proxy = new TlsProxy(database.url(), server(forHosts(THIS_HOST), authority))) {
      String asJavaDoes = "sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";
      assertRefused(settings(proxy, "localhost", asJavaDoes), why);
    }
  }

  @Test
  void aMissingFileOfAuthoritiesIsSaid() throws Exception {
    try (TlsProxy proxy = new TlsProxy(database.url(), server(authority))) {
      Path missing = folder.resolve("missing.pem");
      assertRefused(
          settings(proxy, "localhost", verifying(missing)),
          "name a file with the certificates .*; there is none at " + missing + ".*");
      Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
      assertRefused(settings(proxy, "localhost", verifying(nonsense)), ".*" + nonsense + ".*");
    }
  }

  @Test
  void aServerWithoutTlsIsRefused() throws Exception {
    assertRefused(
        null,
        "localhost",
        "it does not take the connection: check host, port and sslmode in the JDBC URL \\(.*\\)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sslmode=require",
        "sslmode=Require",
        "sslrootcert=/ca.pem",
        "sslmode=prefer&sslrootcert=/ca.pem",
        "sslmode=require&sslrootcert=/ca.pem",
        "sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory",
      })
  void whoOnlyLooksSecureIsWarned(String parameters) {
    String caution = PostgreSqlUrl.parse("jdbc:postgresql://host/db?" + parameters).caution();
    assertTrue(caution.contains("sslmode=verify-full"), caution);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sslmode=disable",
        "sslmode=prefer",
        "ssl=true",
        "sslmode=verify-ca&sslrootcert=/ca.pem",
        "sslmode=verify-full&sslrootcert=/ca.pem",
      })
  void whoKnowsWhatItIsIsNot(String parameters) {
    assertNull(PostgreSqlUrl.parse("jdbc:postgresql://host/db?" + parameters).caution());
  }

  @Test
  void withoutVerificationAnybodyIsTaken() throws Exception {
    HeldCertificate expired = forHosts("elsewhere").validityInterval(day(-3), day(-1)).build();
    try (TlsProxy proxy = new TlsProxy(database.url(), server(expired))) {
      use(settings(proxy, "localhost", "sslmode=require"));
      assertEquals(
          1,
          settings(proxy, "localhost", "sslmode=require").databaseUrl().caution().lines().count());
    }
  }
}
