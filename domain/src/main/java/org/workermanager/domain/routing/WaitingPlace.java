package org.workermanager.domain.routing;

import static java.util.Objects.requireNonNull;

/**
 * A place in a tenant's routes where requests may wait.
 *
 * @param positionCode a {@link Position#code()}
 */
public record WaitingPlace(String tenant, String contentType, int positionCode) {

  public WaitingPlace {
    requireNonNull(tenant, "tenant");
    requireNonNull(contentType, "contentType");
  }
}
