package org.workermanager.domain.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.domain.lifecycle.Lives.CURRENT;
import static org.workermanager.domain.lifecycle.Lives.EARLIER;
import static org.workermanager.domain.lifecycle.Lives.NEW;
import static org.workermanager.domain.lifecycle.Lives.NOW;
import static org.workermanager.domain.lifecycle.Lives.UNKNOWN;
import static org.workermanager.domain.lifecycle.Lives.alive;
import static org.workermanager.domain.lifecycle.Lives.configuration;
import static org.workermanager.domain.lifecycle.Lives.fingerprint;
import static org.workermanager.domain.lifecycle.Lives.knownTo;
import static org.workermanager.domain.lifecycle.Lives.lifeCycle;
import static org.workermanager.domain.lifecycle.Lives.reply;
import static org.workermanager.domain.lifecycle.Lives.request;
import static org.workermanager.domain.lifecycle.Lives.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.lifecycle.Lives.Message;
import org.workermanager.domain.lifecycle.Lives.Place;
import org.workermanager.domain.lifecycle.Lives.State;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HistoryEntry;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Routing;

/** Every state with every event (PROTOCOL sections 5, 6 and 8). */
class LifeCycleTableTest {

  /** Which dispatch it names. */
  private enum Names {
    NONE,
    CURRENT,
    ANOTHER
  }

  /** Whether the broker marks it as redelivered, and whether the same has been taken before. */
  private enum Delivered {
    ONCE,
    ONCE_KNOWN,
    AGAIN,
    AGAIN_KNOWN
  }

  /**
   * What a message does that names the current dispatch or none, and is no repeat: the state it
   * leads to, where "next" is the next step and "done" the end, or why it does nothing.
   */
  private static final String ANSWERED =
      """
      state         | BEGUN        | INVALID         | ERROR    | SUCCESS  | SUCCESS_EMPTY | LETTER
      NEVER_SENT    | LATE         | LATE            | LATE     | LATE     | LATE          | LATE
      WAITING_AGAIN | NOT_EXPECTED | INVALID_CONTENT | ERROR    | next     | nothing       | ERROR
      DISPATCHED    | RUNNING      | INVALID_CONTENT | ERROR    | next     | nothing       | ERROR
      RUNNING       | NOT_EXPECTED | INVALID_CONTENT | ERROR    | next     | nothing       | ERROR
      INVALID       | NOT_EXPECTED | INVALID_CONTENT | ERROR    | next     | nothing       | ERROR
      FAILED        | NOT_EXPECTED | INVALID_CONTENT | ERROR    | next     | nothing       | ERROR
      LETTER        | NOT_EXPECTED | INVALID_CONTENT | ERROR    | next     | nothing       | ERROR
      FINISHED      | NOT_HELD     | NOT_HELD        | NOT_HELD | NOT_HELD | NOT_HELD      | NOT_HELD
      DELETED       | NOT_HELD     | NOT_HELD        | NOT_HELD | NOT_HELD | NOT_HELD      | NOT_HELD
      """;

  /** What keeps a request that could be sent from being sent. */
  private enum Route {
    ALIVE,
    NOT_ALIVE,
    UNCONFIGURED,
    SKIPPED
  }

  /** What happens to a request without a message about it. */
  private enum Event {
    RETRIED,
    DELETED,
    RESUMED,
    REFUSED,
    REFUSED_ANOTHER,
    ABANDONED
  }

  /**
   * What becomes of it: "goes" is dispatched or waiting, as the route allows; "-" is never asked
   * for.
   */
  private static final String HAPPENED =
      """
      state         | RETRIED | DELETED   | RESUMED | REFUSED             | REFUSED_ANOTHER | ABANDONED
      NEVER_SENT    | goes    | TO_DELETE | goes    | LATE                | LATE            | NOT_EXPECTED
      WAITING_AGAIN | goes    | TO_DELETE | goes    | LATE                | LATE            | NOT_EXPECTED
      DISPATCHED    | goes    | TO_DELETE | -       | NO_WORKER_AVAILABLE | LATE            | NO_WORKER_AVAILABLE
      RUNNING       | goes    | TO_DELETE | -       | NO_WORKER_AVAILABLE | LATE            | NO_WORKER_AVAILABLE
      INVALID       | goes    | TO_DELETE | -       | LATE                | LATE            | NOT_EXPECTED
      FAILED        | goes    | TO_DELETE | -       | LATE                | LATE            | NOT_EXPECTED
      LETTER        | goes    | TO_DELETE | -       | LATE                | LATE            | NOT_EXPECTED
      FINISHED      | -       | -         | -       | LATE                | LATE            | NOT_EXPECTED
      DELETED       | -       | -         | -       | LATE                | LATE            | NOT_EXPECTED
      """;

  @Test
  void everyMessageInEveryState() {
    Table table = new Table(ANSWERED);
    Set<String> wrong = new HashSet<>();
    int combinations = 0;
    for (State state : State.values()) {
      for (Message message : Message.values()) {
        String cell = table.cell(state.name(), message.name());
        for (Place place : Place.values()) {
          for (Names names : Names.values()) {
            for (Delivered delivered : Delivered.values()) {
              for (boolean keepErrors : List.of(true, false)) {
                combinations++;
                String expected = expected(cell, state, message, place, names, delivered);
                String outcome = outcome(state, message, place, names, delivered, keepErrors);
                if (!(expected + finished(expected, keepErrors)).equals(outcome)) {
                  wrong.add(
                      "%s at %s, %s naming %s, delivered %s, keepErrors %s: %s, not %s"
                          .formatted(
                              state,
                              place,
                              message,
                              names,
                              delivered,
                              keepErrors,
                              outcome,
                              expected));
                }
              }
            }
          }
        }
      }
    }
    assertEquals(Set.of(), wrong);
    assertEquals(table.cells(), State.values().length * Message.values().length);
    assertEquals(combinations, table.cells() * Place.values().length * 3 * 4 * 2);
  }

  /** What tells repeats and late messages apart comes before what the message says. */
  private static String expected(
      String cell, State state, Message message, Place place, Names names, Delivered delivered) {
    if (cell.equals("NOT_HELD")) {
      return cell;
    }
    if (delivered == Delivered.AGAIN_KNOWN && knownTo(state, place) != null) {
      return "REPEATED";
    }
    if (cell.equals("LATE") || names == Names.ANOTHER) {
      return "LATE";
    }
    Place next = place.next();
    return switch (cell) {
      case "next" -> next == null ? "SUCCESS" : "DISPATCHED at " + next;
      case "nothing" -> next == null ? "SUCCESS" : "ERROR";
      default -> cell;
    };
  }

  private static String finished(String expected, boolean keepErrors) {
    boolean error = expected.equals("ERROR") || expected.equals("INVALID_CONTENT");
    return expected.equals("SUCCESS") || error && !keepErrors ? ", finished" : "";
  }

  private static String outcome(
      State state,
      Message message,
      Place place,
      Names names,
      Delivered delivered,
      boolean keepErrors) {
    Request before = request(state, place);
    LifeCycle lifeCycle = new LifeCycle(routing(keepErrors), alive(), NEW, NOW);
    Fingerprint known = knownTo(state, place);
    Fingerprint fingerprint = delivered == Delivered.AGAIN_KNOWN && known != null ? known : UNKNOWN;
    boolean again = delivered != Delivered.ONCE;
    String dispatch =
        switch (names) {
          case NONE -> null;
          // what was never sent has none
          case CURRENT -> String.valueOf(before.state().dispatch());
          case ANOTHER -> EARLIER.toString();
        };
    Transition transition =
        message == Message.LETTER
            ? lifeCycle.deadLettered(
                before, new DeadLetter(before.key(), "trace", dispatch, fingerprint, again))
            : lifeCycle.replied(before, reply(message, dispatch, fingerprint, again));
    return described(before, transition);
  }

  private static String described(Request before, Transition transition) {
    if (transition instanceof Transition.Ignored ignored) {
      return ignored.reason().name();
    }
    Transition.Moved moved = assertInstanceOf(Transition.Moved.class, transition);
    Request after = moved.request();
    assertSameRequest(before, after);
    RequestState state = after.state();
    String at = "";
    if (state.status() == RequestStatus.DISPATCHED) {
      Place place =
          Stream.of(Place.values())
              .filter(each -> each.position.equals(state.position()))
              .findAny()
              .orElseThrow();
      assertEquals(place.workerType, state.workerType());
      assertEquals(place.workerType, state.dispatchedWorkerType());
      assertEquals(NEW, state.dispatch());
      at = " at " + place;
    } else {
      assertEquals(before.state().position(), state.position());
    }
    return state.status() + at + (state.finished() ? ", finished" : "");
  }

  /** Whatever happens, it stays the one it is, and its history tells of it. */
  private static void assertSameRequest(Request before, Request after) {
    assertEquals(before.key(), after.key());
    assertEquals(before.source(), after.source());
    assertEquals(before.session(), after.session());
    assertEquals(before.contentType(), after.contentType());
    assertEquals(before.priority(), after.priority());
    assertEquals(before.creationDate(), after.creationDate());
    assertEquals(before.fingerprint(), after.fingerprint());
    assertEquals(NOW, after.since());
    assertEquals(before.history().size() + 1, after.history().size());
    HistoryEntry last = after.history().get(after.history().size() - 1);
    assertEquals(after.status(), last.status());
    assertEquals(after.state().workerType(), last.workerType());
  }

  @Test
  void everyEventInEveryState() {
    Table table = new Table(HAPPENED);
    Set<String> wrong = new HashSet<>();
    Set<Event> asked = EnumSet.noneOf(Event.class);
    for (State state : State.values()) {
      for (Event event : Event.values()) {
        String cell = table.cell(state.name(), event.name());
        for (Place place : Place.values()) {
          for (Route route : Route.values()) {
            if (cell.equals("-") || route == Route.SKIPPED && place != Place.SINGLE) {
              continue;
            }
            asked.add(event);
            String expected = cell.equals("goes") ? goes(state, place, route) : cell;
            String outcome = outcome(state, event, place, route);
            if (!expected.equals(outcome)) {
              wrong.add(
                  "%s at %s %s, route %s: %s, not %s"
                      .formatted(state, place, event, route, outcome, expected));
            }
          }
        }
      }
    }
    assertEquals(Set.of(), wrong);
    assertEquals(EnumSet.allOf(Event.class), asked);
    assertEquals(table.cells(), State.values().length * Event.values().length);
  }

  private static String goes(State state, Place place, Route route) {
    if (route == Route.ALIVE) {
      return "DISPATCHED to " + place.workerType + " at " + place;
    }
    // at the start it waits for whatever its content type leads to when its time comes
    String waits = "NO_WORKER_AVAILABLE for ";
    return switch (route) {
      case NOT_ALIVE -> waits + place.workerType + ": silent";
      case UNCONFIGURED ->
          waits
              + (place == Place.SINGLE
                  ? "null: No worker and no workflow is configured for content type 'a'."
                  : "null: Workflow 'flow' is not configured any more.");
      case SKIPPED -> waits + "null: Content type 'a' is configured to be skipped.";
      case ALIVE -> throw new AssertionError(state);
    };
  }

  private static String outcome(State state, Event event, Place place, Route route) {
    Request before = request(state, place);
    Routing routing =
        switch (route) {
          case ALIVE, NOT_ALIVE -> routing(true);
          case UNCONFIGURED -> Routing.NOTHING;
          case SKIPPED -> new Routing(configuration(List.of(), List.of(), List.of("a")));
        };
    Workers workers = route == Route.ALIVE ? alive() : type -> Optional.of("silent");
    LifeCycle lifeCycle = new LifeCycle(routing, workers, NEW, NOW);
    return switch (event) {
      case RETRIED -> gone(before, lifeCycle.retried(before), true);
      case RESUMED -> gone(before, lifeCycle.resumed(before), false);
      case DELETED -> {
        Request deleted = lifeCycle.deleted(before);
        assertSameRequest(before, deleted);
        assertTrue(deleted.state().finished());
        yield deleted.status().name();
      }
      case REFUSED -> gaveUp(before, LifeCycle.refused(before, CURRENT, "full", NOW), "full", null);
      case REFUSED_ANOTHER ->
          gaveUp(before, LifeCycle.refused(before, EARLIER, "full", NOW), "full", null);
      case ABANDONED -> gaveUp(before, lifeCycle.abandoned(before, "dead"), "dead", CURRENT);
    };
  }

  private static String gone(Request before, Request after, boolean retried) {
    assertSameRequest(before, after);
    RequestState state = after.state();
    String detail = after.history().get(after.history().size() - 1).detail();
    assertEquals(
        retried, detail.startsWith("An operator retried it from " + before.status() + "."));
    assertEquals(before.state().additionalHeaders(), state.additionalHeaders());
    assertEquals(before.state().openedBy(), state.openedBy());
    assertEquals(before.state().answeredBy(), state.answeredBy());
    if (state.status() == RequestStatus.DISPATCHED) {
      assertEquals(List.of(), state.messages());
      Place place =
          Stream.of(Place.values())
              .filter(each -> each.contentType.equals(after.contentType()))
              .filter(each -> each.position.equals(state.position()))
              .findAny()
              .orElseThrow();
      return "DISPATCHED to " + state.dispatchedWorkerType() + " at " + place;
    }
    assertEquals(before.state().position(), state.position());
    assertEquals(before.state().dispatch(), state.dispatch(), "it may still be answered");
    assertEquals(before.state().dispatchedWorkerType(), state.dispatchedWorkerType());
    String reason = state.messages().get(0);
    assertTrue(detail.endsWith(reason), detail);
    return state.status() + " for " + state.workerType() + ": " + reason;
  }

  private static String gaveUp(
      Request before, Transition transition, String reason, UUID dispatchAfter) {
    if (transition instanceof Transition.Ignored ignored) {
      return ignored.reason().name();
    }
    Request after = assertInstanceOf(Transition.Moved.class, transition).request();
    assertSameRequest(before, after);
    RequestState state = after.state();
    assertEquals(before.state().position(), state.position());
    assertEquals(before.state().workerType(), state.workerType());
    assertEquals(before.state().dispatchedWorkerType(), state.dispatchedWorkerType());
    assertEquals(before.state().additionalHeaders(), state.additionalHeaders());
    assertEquals(before.state().openedBy(), state.openedBy());
    assertEquals(List.of(reason), state.messages());
    assertEquals(dispatchAfter, state.dispatch());
    return state.status().name();
  }

  /** A table as text, with names for its rows and columns. */
  private static final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String text) {
      text.lines()
          .map(line -> Arrays.stream(line.split("\\|")).map(String::trim).toList())
          .forEach(rows::add);
    }

    String cell(String row, String column) {
      int at = rows.get(0).indexOf(column);
      return rows.stream()
          .filter(cells -> cells.get(0).equals(row))
          .map(cells -> cells.get(at))
          .findAny()
          .orElseThrow(() -> new AssertionError("no row " + row));
    }

    int cells() {
      return (rows.size() - 1) * (rows.get(0).size() - 1);
    }
  }
}
