package org.workermanager.app.command;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.WorkerType;
import org.workermanager.app.command.Table.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells which workers there are. */
@Command(
    name = "workers",
    description =
        "List the worker types that are alive, were lately, are paused, or are configured.",
    mixinStandardHelpOptions = true)
final class WorkersCommand implements Callable<Integer> {

  @Mixin private ManagerOptions options;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Whose configuration is meant (default: any tenant's).")
  private String tenant;

  @Option(names = "--instances", description = "List the single workers that are alive.")
  private boolean instances;

  @Override
  public Integer call() throws InterruptedException {
    Answer<List<WorkerType>> answer = options.client().workerTypes(tenant);
    options.print(
        answer,
        types -> {
          Table table = instances ? instances(types, answer.at()) : types(types, answer.at());
          if (table.isEmpty()) {
            options.out().println("No workers.");
          } else {
            table.print(options.out());
          }
        });
    return ExitCode.DONE;
  }

  private static Table types(List<WorkerType> types, Instant now) {
    Table table =
        new Table(
            Column.text("WORKER TYPE", 40),
            Column.text("STATE", 20),
            Column.number("INSTANCES"),
            Column.text("LAST BEAT", 20),
            Column.number("OVERDUE"),
            Column.text("CONFIGURED", 10));
    for (WorkerType type : types) {
      table.add(
          type.workerType(),
          (type.alive() ? "alive" : "silent") + (type.paused() ? ", paused" : ""),
          Table.number(type.nbInstance()),
          type.lastBeat() == null ? "not lately" : Age.at(now, type.lastBeat()) + " ago",
          Table.number(type.overdue()),
          type.configured() ? "yes" : "no");
    }
    return table;
  }

  private static Table instances(List<WorkerType> types, Instant now) {
    Table table =
        new Table(
            Column.text("WORKER TYPE", 40),
            Column.text("INSTANCE", 60),
            Column.text("FIRST BEAT", 20),
            Column.text("LAST BEAT", 20));
    for (WorkerType type : types) {
      for (WorkerType.Instance instance : type.instances()) {
        table.add(
            type.workerType(),
            instance.instance(),
            Age.at(now, instance.firstBeat()) + " ago",
            Age.at(now, instance.lastBeat()) + " ago");
      }
    }
    return table;
  }
}
