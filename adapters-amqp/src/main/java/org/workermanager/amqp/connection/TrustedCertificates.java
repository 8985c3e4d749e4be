package org.workermanager.amqp.connection;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificate authorities that are believed when they say who a broker is. Immutable.
 *
 * <p>A certificate of our own, for brokers that want one, is taken from Java's {@code
 * javax.net.ssl.keyStore}, {@code ...keyStorePassword} and {@code ...keyStoreType}.
 */
public final class TrustedCertificates {

  /** Those that Java trusts, {@code javax.net.ssl.trustStore} included. */
  public static final TrustedCertificates OF_JAVA = new TrustedCertificates(null);

  private static final String KEY_STORE = "javax.net.ssl.keyStore";

  /** Null for Java's own. */
  private final KeyStore authorities;

  private TrustedCertificates(KeyStore authorities) {
    this.authorities = authorities;
  }

  /**
   * Reads certificates in PEM, one or several. Nobody else is trusted then, Java's own included.
   *
   * @throws IllegalArgumentException if there are none, or none that is still valid; in words that
   *     follow what it is about
   */
  public static TrustedCertificates read(Path file) {
    Collection<? extends Certificate> certificates = certificates(file);
    if (certificates.isEmpty()) {
      throw noCertificates(file);
    }
    X509Certificate latest = null;
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (Certificate certificate : certificates) {
        X509Certificate authority = (X509Certificate) certificate;
        store.setCertificateEntry("authority" + store.size(), authority);
        if (latest == null || authority.getNotAfter().after(latest.getNotAfter())) {
          latest = authority;
        }
      }
      if (latest.getNotAfter().before(Date.from(Instant.now()))) {
        throw new IllegalArgumentException(
            "has no certificate in it that is still valid: %s expired on %s (%s)"
                .formatted(
                    latest.getSubjectX500Principal(), latest.getNotAfter().toInstant(), file));
      }
      return new TrustedCertificates(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Java cannot keep certificates in memory", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("is not there: " + file);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read: " + e.getMessage());
    } catch (CertificateException e) {
      // without its cause, which may repeat a key that was put there by mistake
      throw noCertificates(file);
    }
  }

  private static IllegalArgumentException noCertificates(Path file) {
    return new IllegalArgumentException("must be certificates in PEM, and nothing else: " + file);
  }

  /** For connections to brokers who prove by these who they are. */
  SSLContext context() throws IOException {
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(authorities);
      X509ExtendedTrustManager usual = (X509ExtendedTrustManager) trust.getTrustManagers()[0];
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(ownKeys(), new TrustManager[] {new CertificateCheck(usual)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("Java's trust store cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] ownKeys() throws IOException {
    String file = System.getProperty(KEY_STORE, "");
    if (file.isEmpty()) {
      return new KeyManager[0];
    }
    char[] password = System.getProperty(KEY_STORE + "Password", "").toCharArray();
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store =
          KeyStore.getInstance(System.getProperty(KEY_STORE + "Type", KeyStore.getDefaultType()));
      store.load(in, password);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, password);
      return keys.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException(
          "Java's key store, " + KEY_STORE + ", cannot be used: " + e.getMessage(), e);
    }
  }
}
