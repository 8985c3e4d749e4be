package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;

import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.routing.Configuration;

/**
 * A tenant that is served.
 *
 * @param lastStartImport of the file last imported at a start, or null (PROTOCOL section 9)
 */
public record ServedTenant(Configuration configuration, Fingerprint lastStartImport) {

  /** A tenant that has just been added. */
  public static final ServedTenant NEW = new ServedTenant(Configuration.EMPTY, null);

  public ServedTenant {
    requireNonNull(configuration, "configuration");
  }
}
