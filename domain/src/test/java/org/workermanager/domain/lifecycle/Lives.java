package org.workermanager.domain.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Answer;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/** Requests in every state and at every place of a route, and what can happen to them. */
final class Lives {

  static final Instant TAKEN = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant NOW = TAKEN.plusSeconds(60);
  static final UUID EARLIER = new UUID(0, 1);
  static final UUID CURRENT = new UUID(0, 2);
  static final UUID NEW = new UUID(0, 3);
  static final Fingerprint SUBMISSION = fingerprint(1);
  static final Fingerprint OPENER = fingerprint(2);
  static final Fingerprint ANSWER = fingerprint(3);
  static final Fingerprint UNKNOWN = fingerprint(4);
  static final Content RESULT = Content.of("result".getBytes(UTF_8));

  /** What a held request can be in when something happens to it. */
  enum State {
    NEVER_SENT,
    WAITING_AGAIN,
    DISPATCHED,
    RUNNING,
    INVALID,
    FAILED,
    LETTER,
    FINISHED,
    DELETED
  }

  /** Where it is, and how it would go on from there. */
  enum Place {
    SINGLE("a", Position.START, "A"),
    FIRST("flow", Position.at(0), "A"),
    MIDDLE("flow", Position.at(7), "B"),
    LAST("flow", Position.at(300), "C");

    final String contentType;
    final Position position;
    final String workerType;

    Place(String contentType, Position position, String workerType) {
      this.contentType = contentType;
      this.position = position;
      this.workerType = workerType;
    }

    /** The step after this one, or null. */
    Place next() {
      return this == FIRST ? MIDDLE : this == MIDDLE ? LAST : null;
    }
  }

  /** What comes from workers. */
  enum Message {
    BEGUN,
    INVALID,
    ERROR,
    SUCCESS,
    SUCCESS_EMPTY,
    LETTER
  }

  static Fingerprint knownTo(State state, Place place) {
    return switch (state) {
      case INVALID, FAILED, LETTER -> ANSWER;
      default -> place == Place.MIDDLE || place == Place.LAST ? OPENER : null;
    };
  }

  static Request request(State state, Place place) {
    boolean later = place == Place.MIDDLE || place == Place.LAST;
    boolean neverSent = state == State.NEVER_SENT;
    RequestState dispatched =
        new RequestState(
            RequestStatus.DISPATCHED,
            place.position,
            place.workerType,
            place.workerType,
            CURRENT,
            List.of(),
            later ? Map.of("old", "header") : Map.of(),
            later ? OPENER : null,
            null,
            false);
    RequestState unsent =
        new RequestState(
            RequestStatus.NO_WORKER_AVAILABLE,
            place.position,
            place.workerType,
            later ? "A" : null,
            null,
            List.of("silent"),
            later ? Map.of("old", "header") : Map.of(),
            later ? OPENER : null,
            null,
            false);
    List<String> said = List.of("said");
    RequestState made =
        switch (state) {
          case NEVER_SENT -> unsent;
          case WAITING_AGAIN -> dispatched.waiting(place.position, place.workerType, "silent");
          case DISPATCHED -> dispatched;
          case RUNNING -> dispatched.running();
          case INVALID ->
              dispatched.answered(
                  RequestStatus.INVALID_CONTENT, said, new Answer(ANSWER, false), false);
          case FAILED ->
              dispatched.answered(RequestStatus.ERROR, said, new Answer(ANSWER, false), false);
          case LETTER ->
              dispatched.answered(RequestStatus.ERROR, said, new Answer(ANSWER, true), false);
          case FINISHED ->
              dispatched.answered(RequestStatus.SUCCESS, said, new Answer(ANSWER, false), true);
          case DELETED -> dispatched.deleted();
        };
    assertTrue(neverSent == (made.dispatch() == null));
    return new Request(
            new RequestKey("tenant", "1"),
            "owner",
            "session",
            place.contentType,
            3,
            TAKEN,
            SUBMISSION,
            RequestState.NEW,
            List.of())
        .in(made, TAKEN);
  }

  static Reply reply(
      Message message, String dispatch, Fingerprint fingerprint, boolean redelivered) {
    ReplyStatus status =
        switch (message) {
          case BEGUN -> ReplyStatus.RUNNING;
          case INVALID -> ReplyStatus.INVALID_CONTENT;
          case ERROR -> ReplyStatus.ERROR;
          case SUCCESS, SUCCESS_EMPTY -> ReplyStatus.SUCCESS;
          case LETTER -> throw new AssertionError(message);
        };
    return new Reply(
        new RequestKey("tenant", "1"),
        status,
        List.of("said", "more"),
        Map.of("new", "header"),
        message == Message.SUCCESS ? RESULT : null,
        dispatch,
        fingerprint,
        redelivered);
  }

  static Submission submission(String contentType) {
    return new Submission(
        "tenant", "1", "owner", "session", contentType, 3, RESULT, SUBMISSION, false);
  }

  static LifeCycle lifeCycle(Workers workers) {
    return new LifeCycle(routing(true), workers, NEW, NOW);
  }

  static Workers alive() {
    return type -> Optional.empty();
  }

  static Routing routing(boolean keepErrors) {
    return new Routing(
        configuration(
            List.of(
                worker("A", "a", keepErrors),
                worker("B", "b", keepErrors),
                worker("C", "c", keepErrors)),
            List.of(
                new WorkflowConfiguration(
                    "flow",
                    List.of(
                        new WorkflowStep(300, "C"),
                        new WorkflowStep(0, "A"),
                        new WorkflowStep(7, "B")),
                    keepErrors)),
            List.of("skip")));
  }

  static WorkerConfiguration worker(String type, String input, boolean keepErrors) {
    String output = type.equals("A") ? "b" : "c";
    return new WorkerConfiguration(type, List.of(input), output, keepErrors);
  }

  static Configuration configuration(
      List<WorkerConfiguration> workers,
      List<WorkflowConfiguration> workflows,
      List<String> skipped) {
    return new Configuration(workers, workflows, skipped);
  }

  static Fingerprint fingerprint(int number) {
    return new Fingerprint("%064x".formatted(number));
  }

  private Lives() {}
}
