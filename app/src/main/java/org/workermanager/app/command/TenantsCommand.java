package org.workermanager.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which tenants a manager serves. */
@Command(
    name = "tenants",
    description = "List the tenants that a running manager serves, or add one.",
    mixinStandardHelpOptions = true,
    subcommands = {TenantsCommand.ListAll.class, TenantsCommand.Add.class})
final class TenantsCommand {

  /** Lists them. */
  @Command(
      name = "list",
      description = "List the tenants served, one in a line.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {

    @Mixin private ManagerOptions options;

    @Override
    public Integer call() throws InterruptedException {
      Answer<List<String>> answer = options.client().tenants();
      options.print(
          answer,
          tenants -> tenants.stream().map(PrintableText::line).forEach(options.out()::println));
      return ExitCode.DONE;
    }
  }

  /** Adds one. */
  @Command(
      name = "add",
      description = "Serve a tenant from now on, also after a restart.",
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {

    @Mixin private ManagerOptions options;

    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String tenant;

    @Override
    public Integer call() throws InterruptedException {
      options.client().serve(tenant);
      options.say("Tenant %s is served.".formatted(tenant));
      return ExitCode.DONE;
    }
  }
}
