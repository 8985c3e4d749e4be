package org.workermanager.domain.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.routing.Position;

class HistoryTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID DISPATCH = new UUID(0, 1);

  private static final Request TAKEN =
      new Request(
          new RequestKey("tenant", "1"),
          "owner",
          "session",
          "a",
          0,
          START,
          new Fingerprint("0".repeat(64)),
          RequestState.NEW,
          List.of());

  private static RequestState waiting(String reason) {
    return RequestState.NEW.waiting(Position.START, "A", reason);
  }

  private static String detail(String reason) {
    return TAKEN.in(waiting(reason), START).history().get(0).detail();
  }

  @Test
  void aTransitionIsKeptWithItsTimeItsPlaceAndItsReason() {
    Request waiting = TAKEN.in(waiting("why"), START.plusSeconds(1));
    Request sent =
        waiting.in(
            waiting.state().dispatched(Position.at(20), "B", DISPATCH), START.plusSeconds(2));
    assertEquals(
        List.of(
            new HistoryEntry(
                START.plusSeconds(1), RequestStatus.NO_WORKER_AVAILABLE, "A", null, "why"),
            new HistoryEntry(START.plusSeconds(2), RequestStatus.DISPATCHED, "B", 20, "")),
        sent.history());
    assertEquals(START.plusSeconds(2), sent.since());
  }

  @Test
  void whatHasJustBeenTakenIsSoSinceThen() {
    assertEquals(START, TAKEN.since());
  }

  @Test
  void theLastTwentyAreKept() {
    Request request = TAKEN;
    for (int i = 1; i <= 50; i++) {
      request = request.in(waiting("" + i), START.plusSeconds(i));
      assertEquals(Math.min(i, Request.MAX_HISTORY), request.history().size());
    }
    assertEquals(20, Request.MAX_HISTORY);
    assertEquals(
        IntStream.rangeClosed(31, 50).mapToObj(Integer::toString).toList(),
        request.history().stream().map(HistoryEntry::detail).toList());
  }

  @Test
  void aStateThatIsOverBeforeItIsStoredIsNotKept() {
    Request sent = TAKEN.in(TAKEN.state().dispatched(Position.at(0), "A", DISPATCH), START);
    Request between =
        sent.in(
            sent.state().steppedOn(Map.of(), new Fingerprint("1".repeat(64))),
            START.plusSeconds(1));
    assertEquals(RequestStatus.TO_DISPATCH, between.status());
    assertEquals(sent.history(), between.history());
  }

  @Test
  void showingItInAnotherStateIsNoTransition() {
    Request waiting = TAKEN.in(waiting("why"), START);
    Request shown = waiting.as(waiting("now"));
    assertEquals(List.of("now"), shown.state().messages());
    assertEquals(waiting.history(), shown.history());
  }

  @Test
  void onlyTheFirstMessageIsKept() {
    RequestState error =
        RequestState.NEW.answered(RequestStatus.ERROR, List.of("first", "second"), null, false);
    assertEquals("first", TAKEN.in(error, START).history().get(0).detail());
    assertNull(TAKEN.in(error, START).history().get(0).step());
  }

  @Test
  void aLongDetailIsShortenedByWholeCharacters() {
    assertEquals("x".repeat(200), detail("x".repeat(200)));
    assertEquals("x".repeat(199) + "…", detail("x".repeat(201)));
    String face = "\uD83D\uDE00";
    for (int before = 190; before <= 205; before++) {
      String shortened = detail("x".repeat(before) + face.repeat(60));
      assertEquals(shortened, ProtocolText.storable(shortened), "no half of a pair");
      assertEquals(before % 2 == 0 && before <= 198 ? 199 : 200, shortened.length(), "" + before);
    }
  }
}
