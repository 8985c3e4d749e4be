package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * What an instance decided in one go and has to publish: open from the transaction that stores it
 * until everything is published.
 */
public record Batch(UUID id, String instance) {

  public Batch {
    requireNonNull(id, "id");
    requireNonNull(instance, "instance");
  }
}
