package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * What was decided in one go and has to be published: open from the transaction that stores it
 * until everything is published.
 *
 * @param lease of the process that publishes it; once that has ended, any other one may take the
 *     batch over
 */
public record Batch(UUID id, UUID lease) {

  public Batch {
    requireNonNull(id, "id");
    requireNonNull(lease, "lease");
  }
}
