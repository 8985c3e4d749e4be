package org.workermanager.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with configuration files. */
@Command(
    name = "config",
    description = "Check configuration files, bring them to a running manager, and get them back.",
    mixinStandardHelpOptions = true,
    subcommands = {ConfigImportCommand.class, ConfigExportCommand.class})
final class ConfigCommand {

  @Spec private CommandSpec spec;

  @Command(
      description =
          "Check a configuration file: lists every error, and exits with 2 if there is any."
              + " Unknown fields are noted, and are no errors.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE", description = "The file; nothing is asked of a manager.")
          Path file) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      ConfigurationFile read = ConfigurationFile.read(file);
      read.notes().forEach(note -> out.println("Note: " + note));
      ConfigurationUpdate update = read.update();
      out.printf(
          "%s is valid: %s; %s%n",
          file,
          summary(update),
          update.reset()
              ? "it replaces what is configured"
              : "it is merged into what is configured, and checked against that then");
      return 0;
    } catch (InvalidConfigurationException e) {
      e.errors().forEach(out::println);
      return ExitCode.WRONG;
    } finally {
      out.flush();
    }
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** How much there is in it. */
  static String summary(ConfigurationUpdate update) {
    List<String> skipped = update.skipContentTypes();
    return String.join(
        ", ",
        count(update.workers().size(), "worker"),
        count(update.workflows().size(), "workflow"),
        count(skipped == null ? 0 : skipped.size(), "content type") + " to skip");
  }
}
