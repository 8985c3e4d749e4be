package org.workermanager.amqp.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SaidProblemsTest {

  private final SaidProblems said = new SaidProblems();

  @Test
  void eachIsNewOnceUntilAllIsWell() {
    assertTrue(said.isNew("a"));
    assertTrue(said.isNew("b"));
    assertFalse(said.isNew("a"));
    assertFalse(said.isNew("b"));
    said.over();
    assertTrue(said.isNew("a"));
  }

  @Test
  void theyAreForgottenWhenThereAreVeryMany() {
    for (int i = 0; i < 1_000; i++) {
      assertTrue(said.isNew("on port " + i));
    }
    assertTrue(said.isNew("on port 0"));
  }
}
