package org.workermanager.app.command;

import static org.workermanager.app.command.Table.number;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.Operation;
import org.workermanager.app.client.RefusedException;
import org.workermanager.app.client.UnreachableException;

/** Waits for a retry or delete, shows how far it is, and says what came of it. */
final class OperationWatch {

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_TROUBLE = Duration.ofSeconds(30).toNanos();
  private static final int REFUSALS_SHOWN = 10;

  private final ManagerOptions options;
  private final ManagerClient client;
  private final String tenant;

  /** The operation that goes on when somebody ends the program now; null if none does. */
  private volatile String going;

  OperationWatch(ManagerOptions options, ManagerClient client, String tenant) {
    this.options = options;
    this.client = client;
    this.tenant = tenant;
  }

  /** Waits until it is over, and concludes. */
  int follow(Answer<Operation> begun) throws InterruptedException {
    String id = begun.value().id();
    Progress progress = new Progress(options.err(), Progress.hasTerminal());
    going = id;
    options.shutdown().add(() -> sayThatItGoesOn(progress));
    Answer<Operation> last;
    try {
      last = await(begun, progress);
    } catch (UnreachableException e) {
      options.err().println("Whether operation " + id + " goes on cannot be told now.");
      throw e;
    } catch (RefusedException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      options
          .err()
          .println(
              "What became of operation "
                  + id
                  + " cannot be told: the manager was started anew, or another one answers."
                  + " What was done stays done.");
      options.err().flush();
      return ExitCode.FAILED;
    } finally {
      going = null;
    }
    return conclude(last);
  }

  private Answer<Operation> await(Answer<Operation> begun, Progress progress)
      throws InterruptedException {
    Answer<Operation> answer = begun;
    long lastAnswer = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    try {
      while (answer.value().state() == Operation.State.RUNNING) {
        if (!options.json()) {
          progress.show(howFar(answer.value()));
        }
        TimeUnit.MILLISECONDS.sleep(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        try {
          answer = client.operation(tenant, begun.value().id());
          lastAnswer = System.nanoTime();
        } catch (RefusedException e) {
          // it may be too busy for a moment
          if (!e.isTrouble() || System.nanoTime() - lastAnswer > LONGEST_TROUBLE) {
            throw e;
          }
        }
      }
      return answer;
    } finally {
      progress.end();
    }
  }

  private void sayThatItGoesOn(Progress progress) {
    String id = going;
    if (id != null) {
      progress.end();
      options.err().println("The manager goes on with operation " + id + ".");
      options.err().flush();
    }
  }

  private static String howFar(Operation operation) {
    String what = operation.kind() == Operation.Kind.RETRY ? "Retrying" : "Deleting";
    return operation.matched() == 0
        ? what
        : "%s: %s of %s requests"
            .formatted(what, number(operation.handled()), number(operation.matched()));
  }

  /** Prints what came of it, and tells the exit code. */
  int conclude(Answer<Operation> answer) {
    Operation operation = answer.value();
    options.print(answer, ignored -> print(operation, options.out()));
    boolean isFine =
        operation.refused() == 0
            && (operation.state() == Operation.State.DONE
                || operation.state() == Operation.State.RUNNING);
    return isFine ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static void print(Operation operation, PrintWriter out) {
    switch (operation.state()) {
      case RUNNING -> out.println(howFar(operation) + ".");
      case DONE -> {}
      case FAILED -> out.println("The operation failed: " + reason(operation));
      case STOPPED -> out.println("The operation ended before its time: " + reason(operation));
    }
    if (operation.state() != Operation.State.RUNNING) {
      out.println(result(operation));
    }
    operation.refusals().stream()
        .limit(REFUSALS_SHOWN)
        .forEach(
            refusal ->
                out.printf(
                    "  %s (%d): %s%n",
                    PrintableText.line(refusal.requestId()),
                    refusal.id(),
                    PrintableText.line(refusal.reason())));
    long more = operation.refused() - Math.min(REFUSALS_SHOWN, operation.refusals().size());
    if (more > 0) {
      out.println("  and " + number(more) + " more");
    }
  }

  private static String reason(Operation operation) {
    return operation.reason() == null
        ? "no reason is given."
        : PrintableText.line(operation.reason());
  }

  private static String result(Operation operation) {
    boolean isRetry = operation.kind() == Operation.Kind.RETRY;
    if (operation.handled() == 0) {
      return isRetry ? "No requests were retried." : "No requests were deleted.";
    }
    long changed = operation.done() + operation.waiting();
    StringBuilder result = new StringBuilder(isRetry ? "Retried " : "Deleted ");
    result.append(requests(changed));
    if (isRetry && changed > 0) {
      result.append(": %s dispatched".formatted(number(operation.done())));
      result.append(", %s waiting for a worker".formatted(number(operation.waiting())));
    }
    if (operation.refused() > 0) {
      result.append("; %s refused:".formatted(number(operation.refused())));
    } else {
      result.append(".");
    }
    return result.toString();
  }

  static String requests(long number) {
    return number == 1 ? "1 request" : number(number) + " requests";
  }
}
