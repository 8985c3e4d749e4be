package org.workermanager.jdbc;

import java.io.FileNotFoundException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/** Says why there is no secure connection to PostgreSQL, and what to do. */
final class TlsErrors {

  /** Of the driver's, in each of its languages. */
  private static final String HOST_NAME_CHECK = "HostnameVerifier";

  private TlsErrors() {}

  /** What is wrong, in words that follow the database's name; null if it is something else. */
  static String describe(Throwable error) {
    CertPathValidatorException path = find(error, CertPathValidatorException.class);
    if (path != null && find(path, CertificateExpiredException.class) != null) {
      return "%s expired on %s: have it renewed"
          .formatted(whose(path), certificate(path).getNotAfter().toInstant());
    } else if (path != null && find(path, CertificateNotYetValidException.class) != null) {
      return "%s is valid from %s only: check the clocks"
          .formatted(whose(path), certificate(path).getNotBefore().toInstant());
    } else if (find(error, CertPathBuilderException.class) != null) {
      return "its certificate was issued by somebody whom nobody here trusts: name the certificate of that authority"
          + " in the JDBC URL (sslrootcert=FILE)";
    } else if (isAboutHost(error)) {
      return "its certificate is not for the host in the JDBC URL: use a name there that is in the certificate, or"
          + " have it get another certificate";
    } else if (find(error, FileNotFoundException.class) != null) {
      return "name a file with the certificates of the authorities to trust in the JDBC URL"
          + " (sslrootcert=FILE), or take those that Java trusts"
          + " (sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory); there is none at "
          + find(error, FileNotFoundException.class).getMessage();
    }
    SSLException other = find(error, SSLException.class);
    return other == null ? null : "no secure connection: " + other.getMessage();
  }

  private static boolean isAboutHost(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(HOST_NAME_CHECK)) {
        return true;
      }
    }
    return false;
  }

  /** The first one is the database's. */
  private static String whose(CertPathValidatorException error) {
    return error.getIndex() > 0
        ? "the certificate of "
            + certificate(error).getSubjectX500Principal()
            + ", which vouches for it,"
        : "its certificate";
  }

  private static X509Certificate certificate(CertPathValidatorException error) {
    return (X509Certificate)
        error.getCertPath().getCertificates().get(Math.max(0, error.getIndex()));
  }

  private static <T extends Throwable> T find(Throwable error, Class<T> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
