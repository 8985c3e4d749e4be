package org.workermanager.app.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.connection.QueueArgument;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.jdbc.JdbcSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of a worker manager, and what they mean. Each can be given as an environment variable
 * too.
 */
final class ServiceOptions {

  /** Stands for an embedded broker that has not started yet. */
  private static final BrokerAddress EMBEDDED = BrokerAddress.parse("amqp://127.0.0.1");

  /** AMQP's short text. */
  private static final int LONGEST_APP_ID = 255;

  private static final Pattern INSTANCE_ID = Pattern.compile("[a-zA-Z0-9\\-_.]{1,100}");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private BrokerOptions brokerOptions;

  @Option(
      names = "--embedded-port",
      paramLabel = "PORT",
      defaultValue = "5672",
      description =
          "Where the embedded broker listens, on 127.0.0.1; the next free one when taken (default: 5672).")
  private int embeddedPort;

  @Option(
      names = "--jdbc-url",
      paramLabel = "URL",
      description =
          "The database: jdbc:postgresql://host/name or jdbc:h2:..., without a password"
              + " (default: an H2 file in the data directory).")
  private String jdbcUrl;

  @Option(names = "--db-user", paramLabel = "USER", description = "The database's user.")
  private String dbUser;

  @Option(
      names = "--db-password",
      paramLabel = "PASSWORD",
      description =
          "The user's password. Others can see command lines: better use --db-password-file.")
  private String dbPassword;

  @Option(
      names = "--db-password-file",
      paramLabel = "FILE",
      description = "A file with the user's password in it.")
  private String dbPasswordFile;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "./worker-manager-data",
      description = "For embedded broker and database (default: ./worker-manager-data).")
  private String dataDir;

  @Option(
      names = "--config",
      paramLabel = "TENANT=FILE",
      description =
          "A configuration file to import at start, unless it is the last one imported so. Repeatable.")
  private List<String> configs = new ArrayList<>();

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "A tenant to serve from now on, besides those in the database. Repeatable.")
  private List<String> tenants = new ArrayList<>();

  @Option(
      names = "--heartbeat-expiry",
      paramLabel = "DURATION",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "How long a worker counts as alive after a heartbeat (default: 60s).")
  private Duration heartbeatExpiry;

  @Option(
      names = "--instance-id",
      paramLabel = "ID",
      description =
          "Names this instance, unlike every other one on the broker (default: a random one).")
  private String instanceId;

  @Option(
      names = "--app-id",
      paramLabel = "ID",
      defaultValue = AmqpSettings.USUAL_APP_ID,
      description = "The app_id of what is published (default: ${DEFAULT-VALUE}).")
  private String appId;

  @Option(
      names = "--queue-argument",
      paramLabel = "QUEUES:NAME=VALUE",
      description =
          "Declares queues (requests, heartbeats, replies, dead-letters, workers) with this argument, such as"
              + " requests:x-max-priority=255; with none of that name if the value is empty. Repeatable.")
  private List<String> queueArguments = new ArrayList<>();

  @Option(
      names = "--limit",
      paramLabel = "NAME=VALUE",
      description =
          "How large messages may be (body, headers, header, header-count, json-depth, json-text), such as body=20M;"
              + " larger ones are refused. Repeatable.")
  private List<String> limits = new ArrayList<>();

  @Option(
      names = "--dead-letter-responses",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description =
          "Whether requesters are told of requests that workers rejected or crashed on (default: true).")
  private boolean deadLetterResponses;

  boolean embeddedBroker() {
    return brokerOptions.address().isEmpty();
  }

  /** The embedded broker's folder. */
  Path brokerFolder() {
    return dataDir().resolve("broker");
  }

  int embeddedPort() {
    if (embeddedPort < 0 || embeddedPort > 65_535) {
      throw wrong("--embedded-port", "must be 0 to 65535, not " + embeddedPort);
    }
    return embeddedPort;
  }

  /**
   * Makes the data directory, if it is needed and missing: who uses it later would not say so
   * plainly what is wrong with it.
   */
  void createDataDir() {
    if (!embeddedBroker() && jdbcUrl != null) {
      return;
    }
    Path folder = dataDir();
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "writable", null));
    } catch (FileAlreadyExistsException e) {
      throw wrong("--data-dir", "is a file, not a folder: " + folder);
    } catch (AccessDeniedException e) {
      throw wrong("--data-dir", "may not be written by this user: " + folder);
    } catch (IOException e) {
      throw wrong("--data-dir", "cannot be written: " + e.getMessage());
    }
  }

  private Path dataDir() {
    if (dataDir.isEmpty()) {
      throw wrong("--data-dir", "is empty");
    }
    // the rest would be taken for settings of the embedded database
    if (dataDir.contains(";")) {
      throw wrong("--data-dir", "must not contain ';'");
    }
    return path("--data-dir", dataDir).toAbsolutePath().normalize();
  }

  /**
   * What all options come to; reads the configuration files. Where an embedded broker will be is
   * only known when it has started: until then its address stands for nothing.
   */
  ServiceSettings settings() {
    embeddedPort();
    dataDir();
    return new ServiceSettings(
        AmqpSettings.of(brokerOptions.address().orElse(EMBEDDED), instance(), heartbeatExpiry())
            .withAppId(appId())
            .withQueueArguments(queueArguments())
            .withLimits(limits()),
        database(),
        each("--tenant", tenants).stream().map(tenant -> tenant("--tenant", tenant)).toList(),
        configurations(),
        embeddedBroker() && !Files.exists(brokerFolder()),
        deadLetterResponses);
  }

  private Duration heartbeatExpiry() {
    if (heartbeatExpiry.compareTo(AmqpSettings.LONGEST_EXPIRY) > 0) {
      throw wrong("--heartbeat-expiry", "must be at most 24h");
    }
    return heartbeatExpiry;
  }

  private String appId() {
    if (appId.getBytes(StandardCharsets.UTF_8).length > LONGEST_APP_ID) {
      throw wrong("--app-id", "must be at most " + LONGEST_APP_ID + " bytes long");
    }
    return appId;
  }

  private List<QueueArgument> queueArguments() {
    try {
      return each("--queue-argument", queueArguments).stream().map(QueueArgument::parse).toList();
    } catch (IllegalArgumentException e) {
      throw wrong("--queue-argument", e.getMessage());
    }
  }

  private MessageLimits limits() {
    MessageLimits set = MessageLimits.USUAL;
    try {
      for (String limit : each("--limit", limits)) {
        String[] nameAndValue = limit.split("=", 2);
        if (nameAndValue.length < 2) {
          throw wrong("--limit", "must look like body=64M or json-depth=20, not '" + limit + "'");
        }
        set = set.with(MessageLimit.parse(nameAndValue[0]), SizeConverter.parse(nameAndValue[1]));
      }
      return set;
    } catch (IllegalArgumentException e) {
      throw wrong("--limit", e.getMessage());
    }
  }

  private String instance() {
    if (instanceId == null) {
      return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
    if (!INSTANCE_ID.matcher(instanceId).matches()) {
      throw wrong(
          "--instance-id", "must be 1 to 100 characters of a-z, A-Z, 0-9, '-', '_' and '.'");
    }
    return instanceId;
  }

  private JdbcSettings database() {
    String url = jdbcUrl == null ? "jdbc:h2:file:" + dataDir().resolve("database") : jdbcUrl;
    String password = SecretFile.orGiven(spec, "--db-password", dbPassword, dbPasswordFile);
    try {
      return JdbcSettings.of(url, dbUser, password);
    } catch (IllegalArgumentException e) {
      throw wrong("--jdbc-url", e.getMessage());
    }
  }

  private Map<String, ConfigurationFile> configurations() {
    Map<String, ConfigurationFile> files = new LinkedHashMap<>();
    for (String config : each("--config", configs)) {
      int equals = config.indexOf('=');
      if (equals < 1 || equals == config.length() - 1) {
        throw wrong("--config", "must be TENANT=FILE, not '" + config + "'");
      }
      String tenant = tenant("--config", config.substring(0, equals));
      Path file = path("--config", config.substring(equals + 1));
      try {
        if (files.put(tenant, ConfigurationFile.read(file)) != null) {
          throw wrong("--config", "is given twice for tenant '" + tenant + "'");
        }
      } catch (InvalidConfigurationException e) {
        throw wrong("--config", file + " is refused:\n  " + String.join("\n  ", e.errors()));
      }
    }
    return files;
  }

  private Path path(String option, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong(option, "has a character that file names here cannot have: '" + text + "'");
    }
  }

  private String tenant(String option, String name) {
    String fault = ProtocolText.tenantFault(name);
    if (fault != null) {
      throw wrong(option, "tenant '" + name + "' " + fault);
    }
    return name;
  }

  private List<String> each(String option, List<String> given) {
    return EnvironmentDefaults.each(spec, option, given);
  }

  private ParameterException wrong(String option, String what) {
    return EnvironmentDefaults.wrong(spec, option, what);
  }
}
