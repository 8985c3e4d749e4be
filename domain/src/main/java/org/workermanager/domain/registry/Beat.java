package org.workermanager.domain.registry;

/** What a heartbeat did. */
public enum Beat {
  /** Its worker type was not alive before and is now. */
  TYPE_CAME_ALIVE,
  /** Its worker type stays alive. */
  COUNTED,
  /** Nothing: it is older than the expiry, and its worker may be long gone (PROTOCOL section 4). */
  TOO_OLD
}
