package org.workermanager.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the ledger makes of what happens to requests: it must not overlook anything. */
class AccountTest {

  private static final Assignment SUCCEEDS =
      new Assignment(7, "north", "both", List.of("First", "Second"), null, 0, "...");
  private static final Assignment FAILS =
      new Assignment(
          8,
          "north",
          "both",
          List.of("First", "Second"),
          new Assignment.Failure("First", "ERROR"),
          0,
          "...");

  private final Account account = new Account(SUCCEEDS);

  private static Response response(String state, String content) {
    return new Response("north", "r7", state, content, "manager-1", false, "{}");
  }

  private void hear(String... states) {
    for (String state : states) {
      account.heard(response(state, state.equals("SUCCESS") ? SUCCEEDS.end().content() : null));
    }
  }

  @Test
  void anAssignmentSaysWhatEveryStepGetsAndHowItEnds() {
    assertEquals("7 none ...", SUCCEEDS.content());
    assertEquals("7 none ...", SUCCEEDS.contentFor("First"));
    assertEquals("7 none First:...", SUCCEEDS.contentFor("Second"));
    assertNull(SUCCEEDS.contentFor("Silent"));
    assertEquals(new Assignment.Work("SUCCESS", "7 none Second:First:..."), SUCCEEDS.end());
    assertEquals(2, SUCCEEDS.dispatches());

    assertEquals("8 First/ERROR ...", FAILS.contentFor("First"));
    assertNull(FAILS.contentFor("Second"));
    assertEquals(new Assignment.Work("ERROR", null), FAILS.end());
    assertEquals(1, FAILS.dispatches());
  }

  @Test
  void isOwedFromItsAcceptanceUntilItsEnd() {
    account.submitted("requester");
    assertFalse(account.isOwed());
    account.accepted();
    hear("GRANTED", "DELAYED");
    assertTrue(account.isOwed());
    hear("SUCCESS");
    assertFalse(account.isOwed());
    assertFalse(account.isContradicted());
    assertFalse(account.isOutOfOrder());
    assertEquals(0, account.repeatedEnds());
  }

  @Test
  void isNotOwedWhenItIsAnsweredBeforeItsAcceptanceIsKnown() {
    Ledger ledger = new Ledger();
    Account early = ledger.open(new Random(1));
    String requestId = early.assignment().requestId();
    ledger.heard(new Response("north", requestId, "ERROR", null, "manager-1", false, "{}"));
    ledger.accepted(early);
    assertEquals(0, ledger.countOwed());
  }

  @Test
  void countsWhatIsRepeated() {
    hear("GRANTED", "SUCCESS", "GRANTED", "SUCCESS", "SUCCESS");
    assertEquals(2, account.repeatedEnds());
    assertFalse(account.isContradicted());
    for (int i = 0; i < 3; i++) {
      account.taken("First-1", "First", SUCCEEDS.content(), "dispatch", false);
    }
    assertEquals(1, account.repeatedDispatches());
  }

  @Test
  void doesNotBlameTheManagerForWhatTheBrokerDeliversAgain() {
    hear("GRANTED", "SUCCESS");
    account.heard(
        new Response("north", "r7", "SUCCESS", SUCCEEDS.end().content(), "manager-1", true, "{}"));
    assertEquals(0, account.repeatedEnds());
    for (int i = 0; i < 3; i++) {
      account.taken("First-1", "First", SUCCEEDS.content(), "dispatch", true);
    }
    assertEquals(0, account.repeatedDispatches());
  }

  @Test
  void isContradictedByAnotherState() {
    hear("GRANTED", "SUCCESS", "ERROR");
    assertTrue(account.isContradicted());
  }

  @Test
  void isContradictedByBeingSkipped() {
    hear("SKIPPED");
    assertTrue(account.isContradicted());
  }

  @Test
  void isContradictedByAnotherResult() {
    account.heard(response("SUCCESS", SUCCEEDS.content()));
    assertTrue(account.isContradicted());
  }

  @Test
  void isContradictedByAnotherTenant() {
    account.heard(
        new Response("south", "r7", "SUCCESS", SUCCEEDS.end().content(), "manager-1", false, "{}"));
    assertTrue(account.isContradicted());
  }

  @Test
  void isContradictedByWhatAWorkerGets() {
    account.taken("Second-1", "Second", SUCCEEDS.content(), "dispatch", false);
    assertTrue(account.isContradicted());
  }

  @Test
  void isOutOfOrderWhenItsEndIsHeardFirst() {
    hear("SUCCESS", "GRANTED");
    assertTrue(account.isOutOfOrder());
  }

  @Test
  void aResponseAboutNobodysRequestIsStrange() {
    Ledger ledger = new Ledger();
    ledger.heard(response("SUCCESS", ""));
    assertEquals(1, ledger.strangers().size());
  }
}
