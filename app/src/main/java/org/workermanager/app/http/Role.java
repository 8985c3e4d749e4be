package org.workermanager.app.http;

/** What a caller may do. */
public enum Role {
  /** Look, and retry requests. */
  OPERATOR,
  /** Also delete requests, and configure. */
  ADMIN;

  /** Whether whoever has this role may do what the other one may. */
  boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
