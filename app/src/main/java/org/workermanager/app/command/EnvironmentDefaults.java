package org.workermanager.app.command;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes options that are not on the command line from environment variables, named after them. */
public final class EnvironmentDefaults implements IDefaultValueProvider {

  private static final String PREFIX = "WORKER_MANAGER_";

  /** Used by the tests of this project. */
  private static final String TEST_PREFIX = PREFIX + "TEST_";

  /** Repeatable options are plural there, if that reads better. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("--tenant", PREFIX + "TENANTS", "--queue-argument", PREFIX + "QUEUE_ARGUMENTS");

  private final Map<String, String> environment;

  /**
   * @param environment the environment variables
   */
  public EnvironmentDefaults(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && isSetting(option)
        ? environment.get(variable(option))
        : null;
  }

  /** Not what asks for help. */
  static boolean isSetting(OptionSpec option) {
    return !option.usageHelp() && !option.versionHelp();
  }

  /** The variable for this option. */
  static String variable(OptionSpec option) {
    String name = option.longestName();
    return OTHER_NAMES.getOrDefault(
        name, PREFIX + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Variables that look like settings of ours and are none, in alphabetical order. */
  public List<String> unknown(List<OptionSpec> options) {
    Set<String> known = new HashSet<>();
    options.stream()
        .filter(EnvironmentDefaults::isSetting)
        .forEach(option -> known.add(variable(option)));
    return environment.keySet().stream()
        .filter(
            name ->
                name.startsWith(PREFIX) && !name.startsWith(TEST_PREFIX) && !known.contains(name))
        .sorted()
        .collect(Collectors.toList());
  }
}
