package org.workermanager.app.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.workermanager.domain.operation.OperationProgress;

/**
 * A retry or delete in the background, and how far it is.
 *
 * @param reason why it failed; else null
 * @param ended null as long as it goes on
 */
record OperationReport(
    String id,
    String tenant,
    OperationKind kind,
    State state,
    String reason,
    Instant started,
    Instant ended,
    OperationProgress progress) {

  /** What becomes of an operation. */
  enum State {
    /** Going on, or waiting for others before it. */
    RUNNING,
    DONE,
    /** Ended by an error; what was done stays done. */
    FAILED,
    /** Ended with the manager; what was done stays done. */
    STOPPED
  }

  OperationReport at(OperationProgress now) {
    return new OperationReport(id, tenant, kind, state, reason, started, ended, now);
  }

  OperationReport ended(State as, String why, Instant at) {
    return new OperationReport(id, tenant, kind, as, why, started, at, progress);
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object().put("id", id).put("kind", kind.name()).put("state", state.name());
    if (reason != null) {
      json.put("reason", reason);
    }
    json.put("started", started.toString());
    if (ended != null) {
      json.put("ended", ended.toString());
    }
    json.put("matched", progress.matched())
        .put("done", progress.done())
        .put("waiting", progress.waiting())
        .put("refused", progress.refused());
    ArrayNode refusals = json.putArray("refusals");
    for (OperationProgress.Refusal refusal : progress.refusals()) {
      refusals
          .addObject()
          .put("id", refusal.id())
          .put("requestId", refusal.requestId())
          .put("reason", refusal.reason());
    }
    return json;
  }
}
