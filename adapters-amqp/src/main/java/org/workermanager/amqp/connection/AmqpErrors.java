package org.workermanager.amqp.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Says in one line, without credentials, what is wrong with a connection and what to do about it.
 */
public final class AmqpErrors {

  /** What a broker says to a certificate of ours, or to none. */
  private static final Pattern BAD_OWN_CERTIFICATE =
      Pattern.compile("(?i)received fatal alert: (.*certificate|unknown_ca)");

  private AmqpErrors() {}

  /** What happened, for whoever has to put it right. */
  public static String describe(Throwable error) {
    ShutdownSignalException shutdown = find(error, ShutdownSignalException.class);
    if (find(error, AuthenticationFailureException.class) != null
        || find(error, PossibleAuthenticationFailureException.class) != null) {
      return "it refuses the login: check user and password in the AMQP URI";
    } else if (find(error, UnknownHostException.class) != null) {
      return "its host is unknown: check the AMQP URI";
    } else if (find(error, CertificateRefusedException.class) != null) {
      return "no secure connection: " + find(error, CertificateRefusedException.class).getMessage();
    } else if (find(error, SSLException.class) != null) {
      return "no secure connection: " + describe(find(error, SSLException.class));
    } else if (find(error, MalformedFrameException.class) != null) {
      return "what listens there does not speak AMQP 0-9-1: check the port in the AMQP URI, which begins with amqps://"
          + " if the port is for TLS";
    } else if (find(error, ConnectException.class) != null) {
      return "nothing accepts connections there: start the broker, or check host and port in the AMQP URI";
    } else if (shutdown != null) {
      return describe(shutdown);
    } else if (find(error, TimeoutException.class) != null) {
      return "no answer in time";
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }

  private static String describe(SSLException error) {
    String text = String.valueOf(error.getMessage());
    if (text.contains("SSL message")) {
      return "what listens there does not speak TLS: check the port in the AMQP URI, or begin it with amqp://";
    } else if (BAD_OWN_CERTIFICATE.matcher(text).find()) {
      return "it wants a certificate of ours that it trusts: give Java a key store"
          + " (-Djavax.net.ssl.keyStore=... and ...keyStorePassword); it says: "
          + text;
    }
    return "check that the port is the broker's for TLS; Java says: " + text;
  }

  private static String describe(ShutdownSignalException shutdown) {
    int code = replyCode(shutdown);
    String text = replyText(shutdown);
    return switch (code) {
      case AMQP.NOT_ALLOWED, AMQP.INVALID_PATH ->
          text.contains("refused for user")
              ? withoutPermission(text)
              : "it does not let us use the virtual host: create it (rabbitmqctl add_vhost NAME), or check the end of the AMQP"
                  + " URI; it says: "
                  + text;
      case AMQP.ACCESS_REFUSED -> withoutPermission(text);
      case AMQP.PRECONDITION_FAILED ->
          text.contains("invalid arg")
              ? "it refuses an argument of a queue: check the queue arguments that were set; it says: "
                  + text
              : "the broker says: " + text;
      case 0 -> "the connection to the broker was lost";
      default -> "the broker says: " + text;
    };
  }

  private static String withoutPermission(String text) {
    return "a permission is missing (rabbitmqctl set_permissions -p VHOST USER '.*' '.*' '.*'); it says: "
        + text;
  }

  /**
   * The broker's reply code when it closed a channel, and not the connection, over something done
   * on it; else 0.
   */
  public static int channelCloseCode(Throwable error) {
    ShutdownSignalException shutdown = find(error, ShutdownSignalException.class);
    return shutdown != null && shutdown.getReason() instanceof AMQP.Channel.Close close
        ? close.getReplyCode()
        : 0;
  }

  /** Whether the broker closed a channel, and not the connection, over something done on it. */
  public static boolean isChannelError(Throwable error) {
    return channelCloseCode(error) != 0;
  }

  /**
   * Whether the broker refused because somebody else has exclusive use. Its code is that of missing
   * permissions too: the text tells.
   */
  public static boolean isExclusiveUse(Throwable error) {
    ShutdownSignalException shutdown = find(error, ShutdownSignalException.class);
    return shutdown != null
        && Set.of(AMQP.ACCESS_REFUSED, AMQP.RESOURCE_LOCKED).contains(replyCode(shutdown))
        && replyText(shutdown).contains("exclusive");
  }

  private static int replyCode(ShutdownSignalException shutdown) {
    Method reason = shutdown.getReason();
    if (reason instanceof AMQP.Channel.Close close) {
      return close.getReplyCode();
    }
    return reason instanceof AMQP.Connection.Close close ? close.getReplyCode() : 0;
  }

  private static String replyText(ShutdownSignalException shutdown) {
    Method reason = shutdown.getReason();
    if (reason instanceof AMQP.Channel.Close close) {
      return close.getReplyText();
    }
    return reason instanceof AMQP.Connection.Close close
        ? close.getReplyText()
        : shutdown.getMessage();
  }

  static <T extends Throwable> T find(Throwable error, Class<T> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
