package org.workermanager.app.command;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Takes options that are not on the command line from environment variables, named after them. */
final class EnvironmentDefaults implements IDefaultValueProvider {

  private static final String PREFIX = "WORKER_MANAGER_";

  /** Repeatable options are plural there, if that reads better. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "--tenant",
          PREFIX + "TENANTS",
          "--queue-argument",
          PREFIX + "QUEUE_ARGUMENTS",
          "--limit",
          PREFIX + "LIMITS",
          "--http-token",
          PREFIX + "HTTP_TOKENS");

  /** What every command heeds that talks to a manager; where one serves, it means nothing. */
  private static final Set<String> OF_CLIENTS = Set.of("--url", "--token", "--token-file");

  /**
   * What Kubernetes sets in every pod for a service that is called worker-manager, or begins so.
   */
  private static final Pattern KUBERNETES =
      Pattern.compile(
          "(WORKER_MANAGER(?:_\\w+?)??)_(?:SERVICE_HOST|SERVICE_PORT(?:_\\w+)?|PORT(?:_\\w+)?)");

  private final Map<String, String> environment;
  private final Predicate<OptionSpec> heeds;

  /** For what serves: every option that sets something. */
  EnvironmentDefaults(Map<String, String> environment) {
    this(environment, EnvironmentDefaults::isSetting);
  }

  private EnvironmentDefaults(Map<String, String> environment, Predicate<OptionSpec> heeds) {
    // an empty variable is as good as none: that is how compose files leave one out
    this.environment = new HashMap<>(environment);
    this.environment.values().removeIf(String::isEmpty);
    this.heeds = heeds;
  }

  /** For everything else, which nobody expects to act on what a service is set up with. */
  static EnvironmentDefaults ofClients(Map<String, String> environment) {
    return new EnvironmentDefaults(
        environment, option -> OF_CLIENTS.contains(option.longestName()));
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && heeds.test(option)
        ? environment.get(variable(option))
        : null;
  }

  /** Not what asks for help. */
  private static boolean isSetting(OptionSpec option) {
    return !option.usageHelp() && !option.versionHelp();
  }

  private static String variable(OptionSpec option) {
    return variable(option.longestName());
  }

  private static String variable(String name) {
    return OTHER_NAMES.getOrDefault(
        name, PREFIX + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What a message calls an option: its name and, if it can be set by one, its variable. */
  static String label(OptionSpec option) {
    boolean hasVariable =
        option.command().defaultValueProvider() instanceof EnvironmentDefaults defaults
            && defaults.heeds.test(option);
    return option.longestName() + (hasVariable ? " (" + variable(option) + ")" : "");
  }

  /** The values of a repeatable option: the variable has them all in one, between commas. */
  static List<String> each(CommandSpec command, String option, List<String> given) {
    return isOnCommandLine(command, option)
        ? given
        : given.stream().flatMap(values -> Stream.of(values.split(",", -1))).toList();
  }

  static boolean isOnCommandLine(CommandSpec command, String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** The refusal of an option's value, in words that follow its name. */
  static ParameterException wrong(CommandSpec command, String option, String what) {
    return new ParameterException(
        command.commandLine(), label(command.findOption(option)) + " " + what);
  }

  /**
   * Refuses variables that look like settings of this command and are none.
   *
   * @throws ParameterException naming every one
   */
  void requireKnown(CommandSpec command) {
    List<String> known =
        command.options().stream()
            .filter(EnvironmentDefaults::isSetting)
            .map(EnvironmentDefaults::variable)
            .sorted()
            .toList();
    List<String> unknown =
        environment.keySet().stream()
            .filter(name -> name.startsWith(PREFIX))
            .filter(name -> !known.contains(name) && !isOfClients(name) && !isOfKubernetes(name))
            .sorted()
            .toList();
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "Unknown environment variables: %s. Unset them, or correct their names; there are: %s"
              .formatted(String.join(", ", unknown), String.join(", ", known)));
    }
  }

  private static boolean isOfClients(String name) {
    return OF_CLIENTS.stream().map(EnvironmentDefaults::variable).anyMatch(name::equals);
  }

  private boolean isOfKubernetes(String name) {
    Matcher matcher = KUBERNETES.matcher(name);
    return matcher.matches()
        && (matcher.group(1).equals("WORKER_MANAGER")
            || environment.containsKey(matcher.group(1) + "_SERVICE_HOST"));
  }
}
