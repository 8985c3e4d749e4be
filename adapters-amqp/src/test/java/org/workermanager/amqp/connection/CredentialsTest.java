package org.workermanager.amqp.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.rabbitmq.client.Connection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.TestBroker;

/** What a login leaves behind, whether it succeeds or not: never the password. */
@ParameterizedClass
@EnumSource(TestBroker.class)
class CredentialsTest {

  private static final String MARK = "q7x";
  private static final String LOGIN = "guest:q7x%40secret@";

  @Parameter private TestBroker broker;

  private void assertFailsWithoutSecret(String uri, String reason) {
    BrokerAddress address = BrokerAddress.parse(uri);
    Exception failure = assertThrows(Exception.class, () -> address.connect("credentials"));
    StringWriter all = new StringWriter();
    failure.printStackTrace(new PrintWriter(all));
    assertFalse(all.toString().contains(MARK), all::toString);
    assertEquals(reason, AmqpErrors.describe(failure).split(":")[0]);
    assertFalse(address.toString().contains(MARK), address::toString);
    String settings = AmqpSettings.of(address, "one", Duration.ofSeconds(1)).toString();
    assertFalse(settings.contains(MARK), settings);
  }

  @Test
  void aFailureDoesNotTellThePassword() {
    String wrong = broker.uri().replaceFirst("//[^@]*@", "//" + LOGIN);
    assertFailsWithoutSecret(wrong, "it refuses the login");
    assertFailsWithoutSecret(wrong.replace("amqp:", "amqps:"), "no secure connection");
    assertFailsWithoutSecret("amqp://" + LOGIN + "b.invalid/v", "its host is unknown");
    assertFailsWithoutSecret(
        "amqp://" + LOGIN + "127.0.0.1:1/v", "nothing accepts connections there");
  }

  @Test
  void theBrokersOperatorsAreNotToldThePassword() throws Exception {
    try (Connection connection = broker.connect()) {
      assertEquals("test", connection.getClientProvidedName());
      String told = connection.getClientProperties().toString();
      assertFalse(told.contains("guest") || told.contains("password"), told);
    }
  }
}
