package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;

/**
 * What a store knows about the requests that a decision is about.
 *
 * @param held the held ones, locked until the decision is stored; where an order was asked for, in
 *     that order
 * @param finished fingerprints of the messages that brought lately finished requests
 */
public record Known(Map<RequestKey, Request> held, Map<RequestKey, Set<Fingerprint>> finished) {

  public Known {
    held = Collections.unmodifiableMap(new LinkedHashMap<>(held));
    finished = Map.copyOf(requireNonNull(finished, "finished"));
  }

  /**
   * Whether the message with this fingerprint brought a request of this key that has finished
   * lately.
   */
  public boolean hasFinished(RequestKey key, Fingerprint fingerprint) {
    return finished.getOrDefault(key, Set.of()).contains(fingerprint);
  }
}
