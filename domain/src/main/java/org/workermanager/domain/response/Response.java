package org.workermanager.domain.response;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.Submission;

/**
 * What a requester is told (PROTOCOL section 7).
 *
 * @param source null only where a skipped request had none; likewise session and contentType
 * @param workerType null while none is known
 * @param messages one sentence of ours, then the worker's own
 * @param content null but for {@code SUCCESS}
 */
public record Response(
    ResponseState state,
    RequestKey key,
    String source,
    String session,
    String contentType,
    String workerType,
    List<String> messages,
    Content content) {

  public Response {
    requireNonNull(state, "state");
    requireNonNull(key, "key");
    messages = List.copyOf(messages);
  }

  /** A request that is not taken, and why. What is too long is cut, to fit into a response. */
  public static Response skipped(Submission submission, String reason) {
    return new Response(
        ResponseState.SKIPPED,
        submission.key(),
        ProtocolText.cut(submission.source()),
        ProtocolText.cut(submission.session()),
        ProtocolText.cut(submission.contentType()),
        null,
        List.of(reason),
        null);
  }

  /**
   * What the requester of this held request is to be told about the state it is in; null where that
   * is nothing, as for a running one.
   */
  public static Response about(HeldRequest held) {
    Request request = held.request();
    RequestState state = request.state();
    String worker = "Worker '" + state.dispatchedWorkerType() + "'";
    return switch (state.status()) {
      case DISPATCHED ->
          of(
              ResponseState.GRANTED,
              request,
              "Dispatched to worker '" + state.workerType() + "'.",
              null);
      case NO_WORKER_AVAILABLE -> of(ResponseState.DELAYED, request, null, null);
      case INVALID_CONTENT ->
          of(ResponseState.INVALID_CONTENT, request, worker + " found the content invalid.", null);
      case ERROR -> of(ResponseState.ERROR, request, worker + " failed on the request.", null);
      case SUCCESS -> of(ResponseState.SUCCESS, request, worker + " succeeded.", held.content());
      case TO_DISPATCH, RUNNING, TO_DELETE -> null;
    };
  }

  private static Response of(
      ResponseState state, Request request, String sentence, Content content) {
    List<String> said = request.state().messages();
    return new Response(
        state,
        request.key(),
        request.source(),
        request.session(),
        request.contentType(),
        request.state().workerType(),
        sentence == null ? said : Stream.concat(Stream.of(sentence), said.stream()).toList(),
        content);
  }
}
