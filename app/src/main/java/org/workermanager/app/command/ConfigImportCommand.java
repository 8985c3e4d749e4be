package org.workermanager.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.RefusedException;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Brings a configuration file to a manager. */
@Command(
    name = "import",
    description =
        "Have a running manager import a configuration file. If anything in it is wrong, all that is wrong"
            + " is listed, and nothing changes.",
    mixinStandardHelpOptions = true)
final class ConfigImportCommand implements Callable<Integer> {

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;

  @Parameters(paramLabel = "FILE", description = "The file, as export writes it.")
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    byte[] bytes;
    try {
      bytes = ConfigurationFile.bytes(file);
    } catch (InvalidConfigurationException e) {
      e.errors().forEach(options.err()::println);
      options.err().flush();
      return ExitCode.WRONG;
    }
    ManagerClient client = options.client();
    String of = tenant.at(client);
    boolean wasServed = client.tenants().value().contains(of);
    try {
      client.configure(of, bytes);
    } catch (RefusedException e) {
      if (e.errors().isEmpty()) {
        throw e;
      }
      options.err().println(file + " is refused, and nothing has changed:");
      e.errors().forEach(error -> options.err().println("  " + PrintableText.line(error)));
      options.err().flush();
      return ExitCode.WRONG;
    }
    if (!wasServed) {
      // if its name was mistyped, nobody should find that out later
      options.say("Tenant %s was not served until now, and is from now on.".formatted(of));
    }
    noteWhatIsInVain(bytes);
    ConfigurationUpdate inForce = ConfigurationFile.parse(client.configuration(of)).update();
    options.say("In force for tenant %s now: %s.".formatted(of, ConfigCommand.summary(inForce)));
    return ExitCode.DONE;
  }

  private void noteWhatIsInVain(byte[] bytes) {
    try {
      ConfigurationFile.parse(bytes).notes().forEach(options::note);
    } catch (InvalidConfigurationException e) {
      // the manager, of another version, knows better: it took it
    }
  }
}
