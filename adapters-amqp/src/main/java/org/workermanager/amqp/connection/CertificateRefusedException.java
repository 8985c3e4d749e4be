package org.workermanager.amqp.connection;

import java.security.cert.CertificateException;

/** A broker's certificate is refused; the message says why and what to do, for people. */
final class CertificateRefusedException extends CertificateException {

  private static final long serialVersionUID = 1L;

  CertificateRefusedException(String reason, CertificateException cause) {
    super(reason, cause);
  }
}
