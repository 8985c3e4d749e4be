package org.workermanager.app.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.store.SearchTooLongException;
import org.workermanager.domain.store.StoreUnavailableException;

class TroublesTest {

  private final List<String> levels = new ArrayList<>();
  private final Logger log =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("debug")) {
                  levels.add(method.getName());
                }
                return null;
              });

  private static StoreUnavailableException store(String message) {
    return new StoreUnavailableException(message, null);
  }

  @Test
  void aStoreThatDoesNotAnswerIsSaidOnceEachWay() {
    Troubles troubles = new Troubles(log, true);
    troubles.over();
    troubles.met(store("after 1 ms"));
    troubles.met(store("after 2 ms"));
    assertEquals(List.of("warn"), levels);
    troubles.over();
    troubles.over();
    assertEquals(List.of("warn", "info"), levels);
    troubles.met(store("again"));
    assertEquals(List.of("warn", "info", "warn"), levels);
  }

  @Test
  void onlyOneLoopSaysThatTheStoreDoesNotAnswerAndNoneThatTheBrokerDoesNot() {
    Troubles troubles = new Troubles(log, false);
    troubles.met(store("away"));
    troubles.met(new BrokerUnavailableException("away", null));
    troubles.over();
    assertEquals(List.of(), levels);
  }

  @Test
  void aSearchThatTakesTooLongIsNoError() {
    Troubles troubles = new Troubles(log, false);
    troubles.met(new SearchTooLongException("too long", null));
    troubles.met(new SearchTooLongException("too long", null));
    assertEquals(List.of("warn"), levels);
  }

  @Test
  void anErrorThatShouldNotExistIsSaidOnceUntilItIsOver() {
    Troubles troubles = new Troubles(log, false);
    troubles.met(new IllegalStateException("1"));
    troubles.met(new IllegalStateException("2"));
    troubles.met(new IllegalArgumentException("other"));
    assertEquals(List.of("error", "error"), levels);
    troubles.over();
    troubles.met(new IllegalStateException("3"));
    assertEquals(List.of("error", "error", "error"), levels);
  }
}
