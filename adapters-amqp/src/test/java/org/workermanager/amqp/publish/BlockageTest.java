package org.workermanager.amqp.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BlockageTest {

  private long nanos = 1_000;
  private final Blockage blockage = new Blockage(() -> nanos);

  @Test
  void timeToAnswerStandsStillWhileTheBrokerTakesNothing() {
    nanos += 5;
    assertEquals(1_005, blockage.nanoTime());
    blockage.handleBlocked("low on memory");
    nanos += 100;
    blockage.handleBlocked("low on disk");
    nanos += 100;
    assertEquals(1_005, blockage.nanoTime());
    blockage.handleUnblocked();
    assertEquals(1_005, blockage.nanoTime());
    nanos += 5;
    blockage.handleUnblocked();
    assertEquals(1_010, blockage.nanoTime());
    blockage.handleBlocked("low on memory");
    nanos += 7;
    blockage.shutdownCompleted(null);
    nanos += 1;
    assertEquals(1_011, blockage.nanoTime());
  }

  @Test
  void whoWaitsIsLetGoWhenTheConnectionIsLost() throws Exception {
    blockage.handleBlocked("low on memory");
    Thread waiting = new Thread(this::await);
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    blockage.shutdownCompleted(null);
    waiting.join();
  }

  private void await() {
    try {
      blockage.awaitEnd();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
