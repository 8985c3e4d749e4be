package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;

/**
 * What a store knows about the requests that a decision is about. For the decision alone, while it
 * is made.
 */
public final class Known {

  private final Map<RequestKey, Request> held;
  private final Map<RequestKey, UUID> batches;
  private final Map<RequestKey, Set<Fingerprint>> finished;
  private final UnaryOperator<Set<UUID>> openAmong;
  private Set<UUID> open;

  /**
   * @param held the held ones, locked until the decision is stored; where an order was asked for,
   *     in that order
   * @param batches of those, the batch that changed each last; not there for one that none did
   * @param finished fingerprints of the messages that brought lately finished requests
   * @param openAmong those of these batches that are open, as seen with the locks held; asked at
   *     most once, and only if it matters
   */
  public Known(
      Map<RequestKey, Request> held,
      Map<RequestKey, UUID> batches,
      Map<RequestKey, Set<Fingerprint>> finished,
      UnaryOperator<Set<UUID>> openAmong) {
    this.held = Collections.unmodifiableMap(new LinkedHashMap<>(held));
    this.batches = Map.copyOf(requireNonNull(batches, "batches"));
    this.finished = Map.copyOf(requireNonNull(finished, "finished"));
    this.openAmong = requireNonNull(openAmong, "openAmong");
  }

  /** The held requests, in the order that was asked for. */
  public Map<RequestKey, Request> held() {
    return held;
  }

  /** The batch that changed a held request last; null if none did. */
  public UUID batch(RequestKey key) {
    return batches.get(key);
  }

  /**
   * Whether a held request is in an open batch: what became of it last is still being published.
   */
  public boolean isInOpenBatch(RequestKey key) {
    UUID batch = batches.get(key);
    if (batch == null) {
      return false;
    }
    if (open == null) {
      open = openAmong.apply(new HashSet<>(batches.values()));
    }
    return open.contains(batch);
  }

  /**
   * Whether the message with this fingerprint brought a request of this key that has finished
   * lately.
   */
  public boolean hasFinished(RequestKey key, Fingerprint fingerprint) {
    return finished.getOrDefault(key, Set.of()).contains(fingerprint);
  }
}
