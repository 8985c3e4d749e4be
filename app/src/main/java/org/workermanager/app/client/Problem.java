package org.workermanager.app.client;

import java.util.List;

/** Why a manager refuses (RFC 9457). */
record Problem(String title, String detail, List<String> errors) {

  Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  /** The most telling one it has. */
  String sentence() {
    if (detail != null && !detail.isBlank()) {
      return detail;
    }
    return title == null || title.isBlank() ? "It gives no reason." : title;
  }
}
