package org.workermanager.domain.simulation;

import java.util.UUID;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;

/** One dispatch of one request; the requests of a batch share its id. */
record Dispatch(RequestKey key, UUID id) {

  static Dispatch of(Request dispatched) {
    return new Dispatch(dispatched.key(), dispatched.state().dispatch());
  }
}
