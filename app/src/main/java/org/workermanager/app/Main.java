package org.workermanager.app;

import org.workermanager.app.command.Shutdown;
import org.workermanager.app.command.WorkerManagerCommand;

/** The program's entry. */
public final class Main {

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    // before anything that takes time: a signal may come at any moment
    Shutdown shutdown = Shutdown.install(arguments);
    shutdown.exit(WorkerManagerCommand.execute(arguments, System.getenv(), shutdown));
  }
}
