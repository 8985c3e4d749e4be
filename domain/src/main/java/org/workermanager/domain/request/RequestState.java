package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.workermanager.domain.routing.Position;

/**
 * What changes in the life of a held request.
 *
 * @param position where it stands in its route
 * @param workerType the worker type its position leads to, or once answered the one that did; null
 *     while none is configured
 * @param dispatchedWorkerType the worker type it was last sent to; null if never
 * @param dispatch names the current dispatch, null if there is none: a reply or dead letter that
 *     names another one is late (PROTOCOL section 3)
 * @param messages why it waits, or what the worker said; empty where nothing was
 * @param additionalHeaders what the previous worker wants to tell the next one (PROTOCOL section 5)
 * @param openedBy the reply that opened the current step of a workflow, or null
 * @param answeredBy the reply or dead letter that brought it into its last error at this step, and
 *     those before, or null. Kept when it is retried: the broker may deliver them again
 * @param finished whether it is removed once its requester has been told
 */
public record RequestState(
    RequestStatus status,
    Position position,
    String workerType,
    String dispatchedWorkerType,
    UUID dispatch,
    List<String> messages,
    Map<String, String> additionalHeaders,
    Fingerprint openedBy,
    Answer answeredBy,
    boolean finished) {

  /** Of a request that has just been taken. */
  public static final RequestState NEW =
      new RequestState(
          RequestStatus.TO_DISPATCH,
          Position.START,
          null,
          null,
          null,
          List.of(),
          Map.of(),
          null,
          null,
          false);

  public RequestState {
    requireNonNull(status, "status");
    requireNonNull(position, "position");
    messages = List.copyOf(messages);
    additionalHeaders = Map.copyOf(additionalHeaders);
  }

  /** Sent to a worker, under the name of this dispatch. */
  public RequestState dispatched(Position at, String toWorkerType, UUID newDispatch) {
    return new RequestState(
        RequestStatus.DISPATCHED,
        at,
        toWorkerType,
        toWorkerType,
        newDispatch,
        List.of(),
        additionalHeaders,
        openedBy,
        answeredBy,
        false);
  }

  /**
   * Waiting, for this reason; forWorkerType may be null: none is configured. A dispatch before that
   * may still be answered.
   */
  public RequestState waiting(Position at, String forWorkerType, String reason) {
    return new RequestState(
        RequestStatus.NO_WORKER_AVAILABLE,
        at,
        forWorkerType,
        dispatchedWorkerType,
        dispatch,
        List.of(reason),
        additionalHeaders,
        openedBy,
        answeredBy,
        false);
  }

  /** Waiting because the broker did not take the dispatch: no worker can answer that. */
  public RequestState refused(String reason) {
    return new RequestState(
        RequestStatus.NO_WORKER_AVAILABLE,
        position,
        workerType,
        dispatchedWorkerType,
        null,
        List.of(reason),
        additionalHeaders,
        openedBy,
        answeredBy,
        false);
  }

  /** Begun by a worker. */
  public RequestState running() {
    return new RequestState(
        RequestStatus.RUNNING,
        position,
        workerType,
        dispatchedWorkerType,
        dispatch,
        messages,
        additionalHeaders,
        openedBy,
        answeredBy,
        finished);
  }

  /**
   * Answered by a worker or a dead letter: with success, or an error that is kept unless finished.
   */
  public RequestState answered(
      RequestStatus as, List<String> said, Answer by, boolean nowFinished) {
    return new RequestState(
        as,
        position,
        // it may have waited for another one since
        dispatchedWorkerType,
        dispatchedWorkerType,
        dispatch,
        said,
        additionalHeaders,
        openedBy,
        by == null ? null : by.after(answeredBy),
        nowFinished);
  }

  /** To be removed, whatever it was; nobody is told. */
  public RequestState deleted() {
    return new RequestState(
        RequestStatus.TO_DELETE,
        position,
        workerType,
        dispatchedWorkerType,
        dispatch,
        messages,
        additionalHeaders,
        openedBy,
        answeredBy,
        true);
  }

  /** Between two steps: the reply that closed one step, and what its worker tells the next one. */
  public RequestState steppedOn(Map<String, String> headers, Fingerprint by) {
    return new RequestState(
        RequestStatus.TO_DISPATCH,
        position,
        workerType,
        dispatchedWorkerType,
        null,
        List.of(),
        headers,
        by,
        null,
        false);
  }
}
