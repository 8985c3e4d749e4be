package org.workermanager.amqp.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import org.junit.jupiter.api.Test;

class AmqpErrorsTest {

  private static String saidOf(int code, String text) {
    AMQP.Connection.Close close =
        new AMQP.Connection.Close.Builder().replyCode(code).replyText(text).build();
    return AmqpErrors.describe(new ShutdownSignalException(true, false, close, null));
  }

  @Test
  void aVirtualHostThatIsNotThereIsToldFromOneThatTheUserMayNotUse() {
    String missing = saidOf(AMQP.NOT_ALLOWED, "NOT_ALLOWED - vhost v not found");
    assertTrue(missing.contains("add_vhost"), missing);
    String refused =
        saidOf(AMQP.NOT_ALLOWED, "NOT_ALLOWED - access to vhost 'v' refused for user 'guest'");
    assertTrue(refused.startsWith("a permission is missing"), refused);
  }

  @Test
  void whatTheBrokerSaysIsSaidToBeTheBrokers() {
    assertEquals(
        "the broker says: CONNECTION_FORCED - maintenance",
        saidOf(AMQP.CONNECTION_FORCED, "CONNECTION_FORCED - maintenance"));
  }
}
