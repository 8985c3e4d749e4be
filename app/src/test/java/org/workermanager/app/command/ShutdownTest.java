package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {

  private final List<String> closed = new ArrayList<>();
  private final Shutdown shutdown = new Shutdown();

  @Test
  void stopsTheLastStartedFirst() {
    shutdown.add(() -> closed.add("broker"));
    shutdown.add(() -> closed.add("service"));
    shutdown.stop();
    shutdown.stop();
    assertEquals(List.of("service", "broker"), closed);
  }

  @Test
  void whatDoesNotStopKeepsNothingElseFromStopping() {
    shutdown.add(() -> closed.add("broker"));
    shutdown.add(
        () -> {
          throw new IllegalStateException("no");
        });
    shutdown.stop();
    assertEquals(List.of("broker"), closed);
  }
}
