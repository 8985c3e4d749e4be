package org.workermanager.app.command;

import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.Operation;
import org.workermanager.app.client.RequestQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Does something to every request that is meant. */
abstract sealed class RequestsChangeCommand implements Callable<Integer> {

  private static final String WHICH =
      "Where no --status is given, those in ERROR, INVALID_CONTENT and NO_WORKER_AVAILABLE are meant. Those in"
          + " DISPATCHED or RUNNING must be named, together with --older-than or --created-before.";

  private static final String ENDING =
      "The manager does it in the background, and this command waits and shows how far it is."
          + " Ending this command (Ctrl-C) does not end the operation.";

  @Spec private CommandSpec spec;

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;
  @Mixin private FilterOptions filter;

  @Option(
      names = "--all",
      description = "All requests, where nothing else says which: that must be meant.")
  private boolean all;

  @Option(
      names = "--no-wait",
      description =
          "Do not wait: print the operation's id, for 'worker-manager requests operations ID'.")
  private boolean noWait;

  /** Dispatches them once more. */
  @Command(
      name = "retry",
      description = {
        "Dispatch requests again, in a workflow at the step where they stand.",
        WHICH,
        ENDING
      },
      mixinStandardHelpOptions = true,
      abbreviateSynopsis = true)
  static final class Retry extends RequestsChangeCommand {
    @Override
    Answer<Operation> begin(ManagerClient client, String of, RequestQuery query)
        throws InterruptedException {
      return client.retry(of, query);
    }
  }

  /** Holds them no longer. */
  @Command(
      name = "delete",
      description = {"Delete requests; their requesters hear nothing.", WHICH, ENDING},
      mixinStandardHelpOptions = true,
      abbreviateSynopsis = true)
  static final class Delete extends RequestsChangeCommand {
    @Override
    Answer<Operation> begin(ManagerClient client, String of, RequestQuery query)
        throws InterruptedException {
      return client.delete(of, query);
    }
  }

  abstract Answer<Operation> begin(ManagerClient client, String of, RequestQuery query)
      throws InterruptedException;

  @Override
  public Integer call() throws InterruptedException {
    RequestQuery query = filter.query();
    if (all == !query.equals(RequestQuery.ALL)) {
      throw new ParameterException(
          spec.commandLine(),
          all
              ? "--all cannot be given together with what says which requests are meant"
              : "Which requests are meant? Say so, as with --status or --session, or give --all");
    }
    ManagerClient client = options.client();
    String of = tenant.at(client);
    Answer<Operation> begun = begin(client, of, query);
    if (noWait) {
      options.print(begun, operation -> options.out().println(operation.id()));
      return ExitCode.DONE;
    }
    return new OperationWatch(options, client, of).follow(begun);
  }
}
