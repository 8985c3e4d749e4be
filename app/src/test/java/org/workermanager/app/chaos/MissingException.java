package org.workermanager.app.chaos;

import java.util.List;

/** This machine lacks what the program needs; the message says what, and where it may be had. */
final class MissingException extends Exception {

  private static final long serialVersionUID = 1L;

  MissingException(List<String> missing) {
    super("This cannot run here:\n  " + String.join("\n  ", missing));
  }
}
