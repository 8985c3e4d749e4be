package org.workermanager.app.command;

import java.io.PrintWriter;
import org.workermanager.app.client.ManagerException;
import org.workermanager.app.client.RefusedException;
import org.workermanager.app.client.UnreachableException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says why a manager did not do what a command asked, and what can be done about it. */
final class ManagerFailures implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) throws Exception {
    if (!(exception instanceof ManagerException failure)) {
      throw exception;
    }
    PrintWriter err = commandLine.getErr();
    err.println(PrintableText.lines(failure.getMessage()));
    int code =
        failure instanceof RefusedException refusal
            ? refused(refusal, err)
            : unreachable((UnreachableException) failure, err);
    err.flush();
    return code;
  }

  private static int refused(RefusedException refusal, PrintWriter err) {
    if (refusal.isForWantOfToken()) {
      err.println(
          "Give its token in the variable WORKER_MANAGER_TOKEN, or with --token, which others can see.");
    }
    return refusal.isTrouble() ? ExitCode.FAILED : ExitCode.WRONG;
  }

  private static int unreachable(UnreachableException failure, PrintWriter err) {
    err.println(
        switch (failure.obstacle()) {
          case NOBODY -> "Start one with 'worker-manager run', or give its address with --url.";
          case SILENCE -> "It may be in trouble, or --url may name something else.";
          case TLS ->
              "Its certificate must be one that Java trusts (-Djavax.net.ssl.trustStore=... for others),"
                  + " and name the host. A manager itself serves http://, not https://.";
          case ANOTHER ->
              "Give the manager's address with --url: where it listens, it says when it starts.";
        });
    return ExitCode.UNREACHABLE;
  }
}
