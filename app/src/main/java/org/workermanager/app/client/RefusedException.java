package org.workermanager.app.client;

import java.util.List;

/** A manager answered that it will not, or cannot now. */
public final class RefusedException extends ManagerException {

  private static final long serialVersionUID = 1L;

  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int FIRST_OF_SERVER = 500;

  private final int status;
  private final List<String> errors;

  RefusedException(int status, Problem problem) {
    super(problem.sentence(), null);
    this.status = status;
    this.errors = problem.errors();
  }

  /** Everything that is wrong, one by one; empty where the message says it all. */
  public List<String> errors() {
    return errors;
  }

  /** Whether it is the manager that is in trouble, rather than what it was asked. */
  public boolean isTrouble() {
    return status >= FIRST_OF_SERVER;
  }

  /** Whether it did not know who asked. */
  public boolean isForWantOfToken() {
    return status == UNAUTHORIZED;
  }

  /** Whether there is nothing of that name. */
  public boolean isNotFound() {
    return status == NOT_FOUND;
  }
}
