package org.workermanager.app.command;

import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "worker-manager",
    description = "Routes AMQP requests to the workers that are alive, alone or in workflows.",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerManagerCommand.Version.class,
    subcommands = {RunCommand.class, DemoCommand.class, ConfigCommand.class})
public final class WorkerManagerCommand implements Runnable {

  private static final int USAGE = 2;

  @Spec private CommandSpec spec;

  private final Shutdown shutdown;

  private WorkerManagerCommand(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  /** The version in the jar's manifest, or on the module path in the module's description. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String manifest = WorkerManagerCommand.class.getPackage().getImplementationVersion();
      ModuleDescriptor module = WorkerManagerCommand.class.getModule().getDescriptor();
      String version =
          Optional.ofNullable(manifest)
              .or(() -> Optional.ofNullable(module).flatMap(ModuleDescriptor::rawVersion))
              .orElse("(development)");
      return new String[] {"worker-manager " + version};
    }
  }

  /**
   * Runs a command. What it leaves running is stopped at the shutdown.
   *
   * @return the exit code: 2 for settings that are unknown or wrong
   */
  public static int execute(
      String[] arguments, Map<String, String> environment, Shutdown shutdown) {
    EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
    CommandLine commandLine = new CommandLine(new WorkerManagerCommand(shutdown));
    commandLine.setDefaultValueProvider(defaults);
    List<OptionSpec> options = new ArrayList<>();
    collect(commandLine, options);
    List<String> unknown = defaults.unknown(options);
    if (!unknown.isEmpty()) {
      PrintWriter err = commandLine.getErr();
      err.println("Unknown environment variables: " + String.join(", ", unknown));
      err.flush();
      return USAGE;
    }
    commandLine.setParameterExceptionHandler((exception, ignored) -> refuse(exception));
    return commandLine.execute(arguments);
  }

  private static int refuse(ParameterException exception) {
    CommandLine commandLine = exception.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println(exception.getMessage());
    if (exception.getArgSpec() instanceof OptionSpec option
        && EnvironmentDefaults.isSetting(option)) {
      err.println(
          "It is set by "
              + option.longestName()
              + " or "
              + EnvironmentDefaults.variable(option)
              + ".");
    }
    err.println("Try: " + commandLine.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return USAGE;
  }

  private static void collect(CommandLine commandLine, List<OptionSpec> options) {
    options.addAll(commandLine.getCommandSpec().options());
    commandLine.getSubcommands().values().forEach(subcommand -> collect(subcommand, options));
  }

  Shutdown shutdown() {
    return shutdown;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing subcommand\n" + spec.commandLine().getUsageMessage());
  }
}
