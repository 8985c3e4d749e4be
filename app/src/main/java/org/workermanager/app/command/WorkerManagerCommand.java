package org.workermanager.app.command;

import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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

  private final EnvironmentDefaults environment;
  private final Shutdown shutdown;

  private WorkerManagerCommand(EnvironmentDefaults environment, Shutdown shutdown) {
    this.environment = environment;
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
    CommandLine commandLine = new CommandLine(new WorkerManagerCommand(defaults, shutdown));
    // of the others nobody expects that they act on what a service is set up with
    commandLine.getSubcommands().get("run").setDefaultValueProvider(defaults);
    commandLine.registerConverter(int.class, WorkerManagerCommand::wholeNumber);
    commandLine.setParameterExceptionHandler((exception, ignored) -> refuse(exception));
    return commandLine.execute(arguments);
  }

  private static Integer wholeNumber(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("must be a whole number, not '" + text + "'");
    }
  }

  private static int refuse(ParameterException exception) {
    CommandLine commandLine = exception.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println(message(exception));
    err.println("Try: " + commandLine.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return USAGE;
  }

  /** Of what a converter refuses, in the form of our own refusals. */
  private static String message(ParameterException exception) {
    return exception.getCause() instanceof TypeConversionException refusal
            && exception.getArgSpec() instanceof OptionSpec option
        ? EnvironmentDefaults.label(option) + " " + refusal.getMessage()
        : exception.getMessage();
  }

  EnvironmentDefaults environment() {
    return environment;
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
