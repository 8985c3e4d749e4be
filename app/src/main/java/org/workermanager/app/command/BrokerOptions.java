package org.workermanager.app.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.TrustedCertificates;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the broker is, and who is believed about that. */
final class BrokerOptions {

  private static final String EMBEDDED = "embedded";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--amqp-uri",
      paramLabel = "URI",
      description =
          "The broker: amqp://user:password@host:5672/virtual-host, amqps://..., or 'embedded' (default)."
              + " Others can see command lines: better use --amqp-uri-file.")
  private String uri;

  @Option(
      names = "--amqp-uri-file",
      paramLabel = "FILE",
      description = "A file with the broker's URI in it.")
  private String uriFile;

  @Option(
      names = "--amqp-ca",
      paramLabel = "FILE",
      description =
          "Who is trusted to say who the broker is, with amqps://: certificates of authorities, in PEM (default:"
              + " those that Java trusts).")
  private String authorities;

  /**
   * The broker that the options name; empty for an embedded one. Reads the files.
   *
   * @throws ParameterException if they are wrong
   */
  Optional<BrokerAddress> address() {
    String given = SecretFile.orGiven(spec, "--amqp-uri", uri, uriFile);
    Optional<BrokerAddress> address =
        given == null || given.equals(EMBEDDED) ? Optional.empty() : Optional.of(parse(given));
    if (authorities == null) {
      return address;
    }
    return Optional.of(
        address
            .filter(BrokerAddress::isSecure)
            .orElseThrow(() -> wrong("--amqp-ca", "is of use with a broker at amqps:// only"))
            .trusting(trusted()));
  }

  private BrokerAddress parse(String given) {
    try {
      return BrokerAddress.parse(given);
    } catch (IllegalArgumentException e) {
      throw wrong(given.equals(uri) ? "--amqp-uri" : "--amqp-uri-file", e.getMessage());
    }
  }

  private TrustedCertificates trusted() {
    try {
      return TrustedCertificates.read(Path.of(authorities));
    } catch (InvalidPathException e) {
      throw wrong("--amqp-ca", "has a character that file names here cannot have");
    } catch (IllegalArgumentException e) {
      throw wrong("--amqp-ca", e.getMessage());
    }
  }

  private ParameterException wrong(String option, String what) {
    return EnvironmentDefaults.wrong(spec, option, what);
  }
}
