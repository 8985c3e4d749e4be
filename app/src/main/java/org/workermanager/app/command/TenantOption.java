package org.workermanager.app.command;

import java.util.List;
import org.workermanager.app.client.ManagerClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose requests or configuration a command is about. */
final class TenantOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "The tenant. It may be left out if the manager serves only one.")
  private String tenant;

  /** The one given, or the only one there is. */
  String at(ManagerClient client) throws InterruptedException {
    if (tenant != null) {
      return tenant;
    }
    List<String> tenants = client.tenants().value();
    if (tenants.size() == 1) {
      return tenants.get(0);
    }
    throw new ParameterException(
        spec.commandLine(),
        tenants.isEmpty()
            ? "The manager serves no tenant yet: add one with 'worker-manager tenants add NAME'."
            : "Which tenant is meant? Say so with --tenant; the manager serves "
                + String.join(", ", tenants)
                + ".");
  }
}
