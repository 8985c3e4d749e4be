package org.workermanager.app;

import org.workermanager.app.command.WorkerManagerCommand;

/** The program's entry. */
public final class Main {

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(WorkerManagerCommand.execute(arguments, System.getenv()));
  }
}
