package org.workermanager.amqp.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amqp://h | h:5672, virtual host 'regards.multitenant.manager'",
        "amqp://h/ | h:5672, virtual host 'regards.multitenant.manager'",
        "amqps://h | h:5671, virtual host 'regards.multitenant.manager'",
        "amqp://u:p@rabbit_mq:1234/v | rabbit_mq:1234, virtual host 'v'",
        "amqp://u:p%40ss@127.0.0.1/%2F | 127.0.0.1:5672, virtual host '/'",
        "amqp://u@[::1]:5673/a+b | ::1:5673, virtual host 'a+b'",
      })
  void isReadFromAUri(String uri, String address) {
    assertEquals(address, BrokerAddress.parse(uri).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h:5672",
        "http://u:q7q@h",
        "amqp://",
        "amqp://u:q7q@h:99999/v",
        "amqp://u:q7q@h:0",
        "amqp://u:q7q@h:x",
        "amqp://u:q7 q@h",
        "amqp://u:q7%zzq@h/v",
        "amqp://u:q7q@h/v?heartbeat=1",
      })
  void whatIsNoneIsRefusedWithoutRepeatingIt(String uri) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse(uri));
    assertFalse(refusal.getMessage().contains("q7"), refusal::getMessage);
    assertNull(refusal.getCause());
  }

  @Test
  void thePortThatIsWrongIsNamed() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse("amqp://h:70000"))
            .getMessage();
    assertEquals("must have a port from 1 to 65535, not 70000", message);
  }
}
