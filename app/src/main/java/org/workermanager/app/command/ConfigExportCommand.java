package org.workermanager.app.command;

import java.util.concurrent.Callable;
import org.workermanager.app.client.ManagerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gets a configuration file from a manager. */
@Command(
    name = "export",
    description =
        "Print the configuration that a running manager has in force, as a file that import takes back.",
    mixinStandardHelpOptions = true)
final class ConfigExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "Where to write it (default: -, standard output).")
  private OutputFile out;

  @Override
  public Integer call() throws InterruptedException {
    ManagerClient client = options.client();
    out.write(client.configuration(tenant.at(client)), spec.commandLine());
    return ExitCode.DONE;
  }
}
