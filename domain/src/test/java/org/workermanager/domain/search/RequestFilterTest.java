package org.workermanager.domain.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.search.ContentTypeSelection.Match;
import org.workermanager.domain.search.Selection.Mode;

class RequestFilterTest {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant SENT = CREATED.plusSeconds(10);

  /** Number 7, of Some Owner in session-1, content type Image.RAW, sent to type Worker-A. */
  private static final NumberedRequest FOUND =
      new NumberedRequest(
          7,
          new Request(
                  new RequestKey("tenant", "1"),
                  "Some Owner",
                  "session-1",
                  "Image.RAW",
                  0,
                  CREATED,
                  new Fingerprint("0".repeat(64)),
                  RequestState.NEW,
                  List.of())
              .in(RequestState.NEW.dispatched(Position.START, "Worker-A", new UUID(0, 1)), SENT));

  private static RequestFilter texts(String source, String session, String workerType) {
    return new RequestFilter(source, session, workerType, null, null, null, null, null, null);
  }

  private static RequestFilter times(Instant after, Instant before, Instant unchangedSince) {
    return new RequestFilter(null, null, null, null, null, null, after, before, unchangedSince);
  }

  private static RequestFilter contentTypes(
      Mode mode, Match match, boolean ignoreCase, String... texts) {
    return new RequestFilter(
        null,
        null,
        null,
        new ContentTypeSelection(new Selection<>(Set.of(texts), mode), match, ignoreCase),
        null,
        null,
        null,
        null,
        null);
  }

  private static RequestFilter ids(Mode mode, Long... ids) {
    return new RequestFilter(
        null, null, null, null, null, new Selection<>(Set.of(ids), mode), null, null, null);
  }

  private static void finds(RequestFilter filter) {
    assertTrue(filter.matches(FOUND), filter::toString);
  }

  private static void leavesOut(RequestFilter filter) {
    assertFalse(filter.matches(FOUND), filter::toString);
  }

  @Test
  void withoutAnythingItFindsAll() {
    finds(RequestFilter.ALL);
  }

  @Test
  void textsMatchAsContainedInThisCase() {
    finds(texts("Some Owner", "session-1", "Worker-A"));
    finds(texts("e O", null, null));
    finds(texts(null, "-", null));
    finds(texts(null, null, "A"));
    finds(texts("", "", ""));
    leavesOut(texts("owner", null, null));
    leavesOut(texts(null, "Session", null));
    leavesOut(texts(null, null, "Worker-B"));
    leavesOut(texts("Some%", null, null));
    leavesOut(texts("Some", "session", "B"));
  }

  @Test
  void whatWasNeverSentHasNoWorkerTypeToMatch() {
    NumberedRequest neverSent =
        new NumberedRequest(
            1,
            FOUND.request().in(RequestState.NEW.waiting(Position.START, "Worker-A", "why"), SENT));
    assertFalse(texts(null, null, "A").matches(neverSent));
    assertFalse(texts(null, null, "").matches(neverSent));
    assertTrue(RequestFilter.ALL.matches(neverSent));
  }

  @Test
  void timesAreIncluded() {
    finds(times(CREATED, CREATED, SENT));
    leavesOut(times(CREATED.plusNanos(1_000), null, null));
    leavesOut(times(null, CREATED.minusNanos(1_000), null));
    leavesOut(times(null, null, SENT.minusNanos(1_000)));
  }

  @Test
  void contentTypesAreComparedInFourWays() {
    finds(contentTypes(Mode.INCLUDE, Match.STRICT, false, "other", "Image.RAW"));
    finds(contentTypes(Mode.INCLUDE, Match.STARTS_WITH, false, "Image"));
    finds(contentTypes(Mode.INCLUDE, Match.CONTAINS, false, "e.R"));
    finds(contentTypes(Mode.INCLUDE, Match.ENDS_WITH, false, ".RAW"));
    for (Match match : Match.values()) {
      finds(contentTypes(Mode.INCLUDE, match, true, "IMAGE.raw"));
      leavesOut(contentTypes(Mode.INCLUDE, match, false, "IMAGE.raw"));
      finds(contentTypes(Mode.EXCLUDE, match, false, "IMAGE.raw"));
      leavesOut(contentTypes(Mode.EXCLUDE, match, true, "other", "IMAGE.raw"));
    }
    leavesOut(contentTypes(Mode.INCLUDE, Match.STRICT, false, "Image"));
    leavesOut(contentTypes(Mode.INCLUDE, Match.STARTS_WITH, false, "RAW"));
    leavesOut(contentTypes(Mode.INCLUDE, Match.ENDS_WITH, false, "Image"));
    leavesOut(contentTypes(Mode.INCLUDE, Match.CONTAINS, false, "Image_RAW"));
  }

  @Test
  void statesAndNumbersAreThoseNamedOrAllOthers() {
    finds(ids(Mode.INCLUDE, 6L, 7L));
    leavesOut(ids(Mode.INCLUDE, 6L));
    leavesOut(ids(Mode.EXCLUDE, 7L));
    finds(ids(Mode.EXCLUDE, 6L));
    for (RequestStatus status : RequestStatus.values()) {
      RequestFilter included = RequestFilter.ALL.withStatuses(Selection.of(Set.of(status)));
      RequestFilter excluded =
          RequestFilter.ALL.withStatuses(new Selection<>(Set.of(status), Mode.EXCLUDE));
      assertEquals(status == RequestStatus.DISPATCHED, included.matches(FOUND));
      assertEquals(status != RequestStatus.DISPATCHED, excluded.matches(FOUND));
    }
  }

  @Test
  void toIncludeNothingFindsNothingAndToExcludeNothingAll() {
    leavesOut(ids(Mode.INCLUDE));
    finds(ids(Mode.EXCLUDE));
    leavesOut(contentTypes(Mode.INCLUDE, Match.CONTAINS, true));
    finds(contentTypes(Mode.EXCLUDE, Match.CONTAINS, true));
  }

  @Test
  void otherStatusesLeaveTheRestOfAFilterAsItIs() {
    RequestFilter filter =
        new RequestFilter(
            "a",
            "b",
            "c",
            new ContentTypeSelection(Selection.of(Set.of("d")), Match.STRICT, true),
            null,
            Selection.of(Set.of(1L)),
            CREATED,
            SENT,
            SENT.plusSeconds(1));
    Selection<RequestStatus> error = Selection.of(Set.of(RequestStatus.ERROR));
    assertEquals(
        new RequestFilter(
            "a",
            "b",
            "c",
            filter.contentTypes(),
            error,
            filter.ids(),
            CREATED,
            SENT,
            SENT.plusSeconds(1)),
        filter.withStatuses(error));
  }

  @Test
  void aSelectionHasAtMostAThousandValues() {
    Set<Long> thousand = LongStream.range(0, 1_000).boxed().collect(Collectors.toSet());
    assertEquals(1_000, Selection.of(thousand).values().size());
    Set<Long> more = LongStream.range(0, 1_001).boxed().collect(Collectors.toSet());
    assertThrows(IllegalArgumentException.class, () -> Selection.of(more));
  }

  @Test
  void aPageIsWithinBounds() {
    assertThrows(IllegalArgumentException.class, () -> PageRequest.first(0));
    assertThrows(IllegalArgumentException.class, () -> PageRequest.first(1_001));
    assertThrows(IllegalArgumentException.class, () -> new PageRequest(-1, 1, List.of()));
    PageRequest last = new PageRequest(Integer.MAX_VALUE, 1_000, List.of());
    assertEquals(2_147_483_647_000L, last.offset());
  }
}
