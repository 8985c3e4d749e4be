package org.workermanager.domain.routing;

import java.util.List;

/**
 * The valid configuration of one tenant (PROTOCOL section 9). Immutable; an invalid one cannot
 * exist.
 *
 * @param skipContentTypes content types whose requests are answered {@code SKIPPED}
 */
public record Configuration(
    List<WorkerConfiguration> workers,
    List<WorkflowConfiguration> workflows,
    List<String> skipContentTypes) {

  /** Of a tenant for which nothing is configured: all its requests wait. */
  public static final Configuration EMPTY = new Configuration(List.of(), List.of(), List.of());

  /** Whether a worker type can be called so. */
  public static boolean isWorkerType(String name) {
    return ConfigurationRules.isWorkerType(name);
  }

  /**
   * @throws InvalidConfigurationException naming every rule that is broken
   */
  public Configuration {
    workers = List.copyOf(workers);
    workflows = List.copyOf(workflows);
    skipContentTypes = List.copyOf(skipContentTypes);
    List<String> errors = ConfigurationRules.broken(workers, workflows, skipContentTypes);
    if (!errors.isEmpty()) {
      throw new InvalidConfigurationException(errors);
    }
  }
}
