package org.workermanager.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.WorkerType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Stops and resumes the dispatch to a worker type. */
abstract sealed class PausingCommand implements Callable<Integer> {

  @Mixin private ManagerOptions options;

  @Parameters(paramLabel = "TYPE", description = "The worker type.")
  private String workerType;

  /** Begins a pause. */
  @Command(
      name = "pause",
      description =
          "Dispatch nothing to a worker type until it is resumed; what has been dispatched goes on.",
      mixinStandardHelpOptions = true)
  static final class Pause extends PausingCommand {
    @Override
    String change(ManagerClient client, String of) throws InterruptedException {
      client.pause(of);
      return "is paused: its requests wait until it is resumed.";
    }
  }

  /** Ends a pause. */
  @Command(
      name = "resume",
      description = "Dispatch to a worker type again, beginning with what waits.",
      mixinStandardHelpOptions = true)
  static final class Resume extends PausingCommand {
    @Override
    String change(ManagerClient client, String of) throws InterruptedException {
      client.resume(of);
      return "is not paused: requests go to it.";
    }
  }

  /** Returns what it is now, in words that follow its name. */
  abstract String change(ManagerClient client, String of) throws InterruptedException;

  @Override
  public Integer call() throws InterruptedException {
    ManagerClient client = options.client();
    options.say(workerType + " " + change(client, workerType));
    noteUnlessConfigured(client);
    return ExitCode.DONE;
  }

  /** Most likely the name is mistyped. */
  private void noteUnlessConfigured(ManagerClient client) throws InterruptedException {
    List<String> configured =
        client.workerTypes(null).value().stream()
            .filter(WorkerType::configured)
            .map(WorkerType::workerType)
            .toList();
    if (!configured.contains(workerType)) {
      options.note(
          "no tenant has a worker type %s; there %s"
              .formatted(
                  workerType,
                  configured.isEmpty() ? "are none" : "are: " + String.join(", ", configured)));
    }
  }
}
