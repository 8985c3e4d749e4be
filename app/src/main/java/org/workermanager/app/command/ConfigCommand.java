package org.workermanager.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with configuration files. */
@Command(
    name = "config",
    description = "Work with configuration files.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {

  private static final int INVALID = 2;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing subcommand: config check FILE");
  }

  @Command(
      description =
          "Check a configuration file: lists every error, and exits with 2 if there is any.")
  int check(@Parameters(paramLabel = "FILE") Path file) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      ConfigurationUpdate update = ConfigurationFile.read(file).update();
      List<String> skipped = update.skipContentTypes();
      out.printf(
          "%s is valid: %d workers, %d workflows, %d content types to skip; %s%n",
          file,
          update.workers().size(),
          update.workflows().size(),
          skipped == null ? 0 : skipped.size(),
          update.reset()
              ? "it replaces what is configured"
              : "it is merged into what is configured, and checked against that then");
      return 0;
    } catch (InvalidConfigurationException e) {
      e.errors().forEach(out::println);
      return INVALID;
    } finally {
      out.flush();
    }
  }
}
