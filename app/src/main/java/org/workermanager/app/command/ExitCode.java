package org.workermanager.app.command;

/** How commands end that ask something of a manager. */
final class ExitCode {

  /** It is done. */
  static final int DONE = 0;

  /** It failed, or not all of it could be done. */
  static final int FAILED = 1;

  /** It was asked wrongly, or is refused. */
  static final int WRONG = 2;

  /** No manager can be reached. */
  static final int UNREACHABLE = 3;

  private ExitCode() {}
}
