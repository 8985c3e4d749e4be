package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** No manager answers, as far as can be told. */
public final class UnreachableException extends ManagerException {

  private static final long serialVersionUID = 1L;

  /** What is in the way. */
  public enum Obstacle {
    /** Nobody is there, or the way there is blocked. */
    NOBODY,
    /** Somebody is, and does not answer in time, or not to the end. */
    SILENCE,
    /** No connection that both sides trust. */
    TLS,
    /** Somebody else answers. */
    ANOTHER
  }

  private final Obstacle obstacle;

  /**
   * @param what as the rest of a sentence
   */
  UnreachableException(ManagerAddress address, Obstacle obstacle, String what, Throwable cause) {
    super("Cannot reach a worker manager at " + address + ": " + what + ".", cause);
    this.obstacle = requireNonNull(obstacle, "obstacle");
  }

  /** What came of a call that got no answer. */
  static UnreachableException of(
      ManagerAddress address, IOException trouble, Duration connectTimeout) {
    Obstacle obstacle;
    String what;
    if (trouble instanceof HttpConnectTimeoutException) {
      // with TLS, somebody may listen who does not know of that
      obstacle =
          "https".equalsIgnoreCase(address.root().getScheme()) ? Obstacle.TLS : Obstacle.NOBODY;
      what = "no connection within " + connectTimeout.toSeconds() + " s";
    } else if (trouble instanceof ConnectException) {
      obstacle = Obstacle.NOBODY;
      what = unconnected(address, trouble);
    } else if (trouble instanceof SSLException) {
      obstacle = Obstacle.TLS;
      what = "no secure connection: " + innermost(trouble);
    } else {
      obstacle = Obstacle.SILENCE;
      what = "what listens there ends the connection, or does not speak HTTP";
    }
    return new UnreachableException(address, obstacle, what, trouble);
  }

  /** In words: the JDK has hardly any. */
  private static String unconnected(ManagerAddress address, Throwable trouble) {
    String message = trouble.getMessage();
    if (trouble.getCause() instanceof UnresolvedAddressException) {
      return "no host of the name '" + address.root().getHost() + "' is known here";
    }
    return message == null || message.contains("refused") ? "nothing listens there" : message;
  }

  private static String innermost(Throwable trouble) {
    Throwable cause = trouble;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  /** What is in the way. */
  public Obstacle obstacle() {
    return obstacle;
  }
}
