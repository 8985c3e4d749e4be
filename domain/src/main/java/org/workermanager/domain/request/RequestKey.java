package org.workermanager.domain.request;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * What identifies a held request: its id is unique within its tenant only (PROTOCOL section 2).
 *
 * <p>The natural order, by tenant and then request id, is the order in which stores lock requests,
 * so that concurrent batches cannot deadlock.
 */
public record RequestKey(String tenant, String requestId) implements Comparable<RequestKey> {

  private static final Comparator<RequestKey> ORDER =
      Comparator.comparing(RequestKey::tenant).thenComparing(RequestKey::requestId);

  public RequestKey {
    requireNonNull(tenant, "tenant");
    requireNonNull(requestId, "requestId");
  }

  @Override
  public int compareTo(RequestKey other) {
    return ORDER.compare(this, other);
  }
}
