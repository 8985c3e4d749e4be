package org.workermanager.amqp.connection;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Java's own check of a broker's certificate, which says of one that it refuses what is wrong with
 * it and what to do.
 */
final class CertificateCheck extends X509ExtendedTrustManager {

  /** What a certificate's alternative names are (RFC 5280): DNS names and IP addresses. */
  private static final Set<Integer> HOST_NAMES = Set.of(2, 7);

  private final X509ExtendedTrustManager usual;

  CertificateCheck(X509ExtendedTrustManager usual) {
    this.usual = usual;
  }

  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    SSLSession session = socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
    check(chain, session, () -> usual.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    SSLSession session = engine.getHandshakeSession();
    check(chain, session, () -> usual.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, null, () -> usual.checkServerTrusted(chain, authType));
  }

  private static void check(X509Certificate[] chain, SSLSession session, Check usual)
      throws CertificateException {
    try {
      usual.run();
      // one that is trusted by itself Java takes for ever
      chain[0].checkValidity();
    } catch (CertificateException e) {
      String host = session == null ? null : session.getPeerHost();
      throw new CertificateRefusedException(reason(chain, host, e), e);
    }
  }

  private static String reason(X509Certificate[] chain, String host, CertificateException error) {
    String outOfTime = outOfTime(chain, error);
    if (outOfTime != null) {
      return outOfTime;
    } else if (AmqpErrors.find(error, CertPathBuilderException.class) != null) {
      return ("its certificate was issued by %s, whom nobody here trusts: name the certificate of that"
              + " authority (--amqp-ca FILE; in a program BrokerAddress.trusting), or have Java"
              + " trust it (-Djavax.net.ssl.trustStore=...)")
          .formatted(chain[chain.length - 1].getIssuerX500Principal());
    } else if (AmqpErrors.find(error, CertPathValidatorException.class) == null && host != null) {
      return ("its certificate is for %s, not for %s: use a name in the AMQP URI that is in the"
              + " certificate, or have it get another certificate")
          .formatted(String.join(", ", hosts(chain[0])), host);
    }
    return "its certificate is refused: " + error.getMessage();
  }

  /**
   * What is wrong with the time, null if nothing is. Of those who vouch for the broker some may be
   * out of time and not needed.
   */
  private static String outOfTime(X509Certificate[] chain, CertificateException error) {
    boolean any =
        AmqpErrors.find(error, CertificateExpiredException.class) != null
            || AmqpErrors.find(error, CertificateNotYetValidException.class) != null;
    String whose = "its certificate";
    for (X509Certificate certificate : any ? List.of(chain) : List.of(chain[0])) {
      try {
        certificate.checkValidity();
      } catch (CertificateExpiredException e) {
        return "%s expired on %s: have it renewed"
            .formatted(whose, certificate.getNotAfter().toInstant());
      } catch (CertificateNotYetValidException e) {
        return "%s is valid from %s only: check the clocks"
            .formatted(whose, certificate.getNotBefore().toInstant());
      }
      whose = "the certificate of its issuer, " + certificate.getIssuerX500Principal() + ",";
    }
    return null;
  }

  /** For which hosts a certificate is; where it says nothing of them, whose it is. */
  private static Collection<String> hosts(X509Certificate certificate) {
    List<String> nobody = List.of(certificate.getSubjectX500Principal().toString());
    try {
      Collection<List<?>> names =
          Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
      Set<String> hosts =
          names.stream()
              .filter(name -> HOST_NAMES.contains(name.get(0)))
              .map(name -> name.get(1).toString())
              .collect(Collectors.toSet());
      return hosts.isEmpty() ? nobody : hosts.stream().sorted().toList();
    } catch (CertificateParsingException e) {
      return nobody;
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return usual.getAcceptedIssuers();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    usual.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    usual.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    usual.checkClientTrusted(chain, authType);
  }
}
