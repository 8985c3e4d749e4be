package org.workermanager.app.command;

import static org.workermanager.app.command.Table.number;

import java.util.List;
import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.Operation;
import org.workermanager.app.command.Table.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what retries and deletes are doing, and did. */
@Command(
    name = "operations",
    description =
        "List the last retries and deletes, or tell how far one is. A manager knows its own, since it started.",
    mixinStandardHelpOptions = true)
final class RequestsOperationsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      description = "The one to tell of, as --no-wait printed it.")
  private String id;

  @Option(names = "--wait", description = "Wait until that one is over.")
  private boolean wait;

  @Override
  public Integer call() throws InterruptedException {
    if (wait && id == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--wait is about one operation: give its ID, as --no-wait printed it");
    }
    ManagerClient client = options.client();
    String of = tenant.at(client);
    if (id != null) {
      OperationWatch watch = new OperationWatch(options, client, of);
      Answer<Operation> answer = client.operation(of, id);
      return wait ? watch.follow(answer) : watch.conclude(answer);
    }
    Answer<List<Operation>> answer = client.operations(of);
    options.print(answer, operations -> print(operations, answer));
    return ExitCode.DONE;
  }

  private void print(List<Operation> operations, Answer<?> answer) {
    if (operations.isEmpty()) {
      options.out().println("No operations.");
      return;
    }
    Table table =
        new Table(
            Column.text("ID", 40),
            Column.text("KIND", 10),
            Column.text("STATE", 10),
            Column.text("STARTED", 20),
            Column.number("MATCHED"),
            Column.number("DONE"),
            Column.number("WAITING"),
            Column.number("REFUSED"));
    for (Operation operation : operations) {
      table.add(
          operation.id(),
          operation.kind(),
          operation.state(),
          Age.at(answer.at(), operation.started()) + " ago",
          number(operation.matched()),
          number(operation.done()),
          number(operation.waiting()),
          number(operation.refused()));
    }
    table.print(options.out());
  }
}
