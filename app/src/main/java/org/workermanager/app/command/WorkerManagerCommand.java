package org.workermanager.app.command;

import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
    name = "worker-manager",
    description = "Routes AMQP requests to the workers that are alive, alone or in workflows.",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerManagerCommand.Version.class,
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      ConfigCommand.class,
      RequestsCommand.class,
      WorkersCommand.class,
      PausingCommand.Pause.class,
      PausingCommand.Resume.class,
      TenantsCommand.class
    },
    footer = {
      "",
      "All but run, demo and config check ask a running manager. They exit with 0 when it is done,"
          + " 1 when it failed or not all of it could be done, 2 when it was asked wrongly or refused, and"
          + " 3 when no manager can be reached."
    })
public final class WorkerManagerCommand implements Runnable {

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
    return commandLine(environment, shutdown).execute(arguments);
  }

  static CommandLine commandLine(Map<String, String> environment, Shutdown shutdown) {
    EnvironmentDefaults ofService = new EnvironmentDefaults(environment);
    CommandLine commandLine = new CommandLine(new WorkerManagerCommand(ofService, shutdown));
    // request ids and passwords may begin with @
    commandLine.setExpandAtFiles(false);
    commandLine.setDefaultValueProvider(EnvironmentDefaults.ofClients(environment));
    commandLine.getSubcommands().get("run").setDefaultValueProvider(ofService);
    commandLine.registerConverter(int.class, text -> wholeNumber(text, Integer::valueOf));
    commandLine.registerConverter(OutputFile.class, OutputFile::new);
    commandLine.registerConverter(Long.class, text -> wholeNumber(text, Long::valueOf));
    commandLine.setExecutionExceptionHandler(new ManagerFailures());
    commandLine.setParameterExceptionHandler((exception, ignored) -> refuse(exception));
    return commandLine;
  }

  private static <T> T wholeNumber(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
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
    return ExitCode.WRONG;
  }

  /** Of what a converter refuses, in the form of our own refusals. */
  private static String message(ParameterException exception) {
    if (exception instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    return exception.getCause() instanceof TypeConversionException refusal
            && exception.getArgSpec() instanceof OptionSpec option
        ? EnvironmentDefaults.label(option) + " " + refusal.getMessage()
        : exception.getMessage();
  }

  /**
   * What is no argument of a command may be a secret: the value of an option that is misspelt. Only
   * options and commands are repeated.
   */
  private static String unmatched(UnmatchedArgumentException exception) {
    List<String> options =
        exception.getUnmatched().stream()
            .filter(argument -> argument.startsWith("-"))
            .map(WorkerManagerCommand::optionName)
            .toList();
    if (!options.isEmpty()) {
      return "Unknown option: " + String.join(", ", options);
    }
    boolean wantsCommand = !exception.getCommandLine().getSubcommands().isEmpty();
    return wantsCommand
        ? "Unknown command: " + exception.getUnmatched().get(0)
        : "An argument too many; it may be one with blanks, which needs quotes";
  }

  /** With one dash a single letter, whatever follows. */
  private static String optionName(String argument) {
    return argument.startsWith("--")
        ? argument.split("[=\\s]", 2)[0]
        : argument.substring(0, Math.min(2, argument.length()));
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
