package org.workermanager.amqp.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.ConnectException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.store.StoreUnavailableException;

class ConsumingServiceTest {

  @Test
  void aDatabaseThatIsAwayIsNotTakenForTheBroker() {
    String text = "The database does not answer: Connection refused";
    assertEquals(
        text,
        ConsumingService.describe(new StoreUnavailableException(text, new ConnectException())));
    assertEquals(
        text,
        ConsumingService.describe(new StoreUnavailableException(text, new UnknownHostException())));
  }
}
