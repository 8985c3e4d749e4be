package org.workermanager.domain.routing;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a configuration file asks for (PROTOCOL section 9).
 *
 * @param reset whether it replaces everything; else it is merged by worker type, workflow type and
 *     setting
 * @param skipContentTypes null where the file does not have this setting
 */
public record ConfigurationUpdate(
    boolean reset,
    List<WorkerConfiguration> workers,
    List<WorkflowConfiguration> workflows,
    List<String> skipContentTypes) {

  public ConfigurationUpdate {
    workers = List.copyOf(workers);
    workflows = List.copyOf(workflows);
    skipContentTypes = skipContentTypes == null ? null : List.copyOf(skipContentTypes);
  }

  /**
   * The configuration that results.
   *
   * @throws InvalidConfigurationException when it would break a rule; names every one
   */
  public Configuration appliedTo(Configuration current) {
    ConfigurationUpdate all = over(current);
    return new Configuration(all.workers(), all.workflows(), all.skipContentTypes());
  }

  /** All that there would be, valid or not, as an update that replaces everything. */
  public ConfigurationUpdate over(Configuration current) {
    Configuration base = reset ? Configuration.EMPTY : current;
    return new ConfigurationUpdate(
        true,
        merged(base.workers(), workers, WorkerConfiguration::workerType),
        merged(base.workflows(), workflows, WorkflowConfiguration::workflowType),
        skipContentTypes == null ? base.skipContentTypes() : skipContentTypes);
  }

  /** What the update itself has twice stays twice, to be refused. */
  private static <T> List<T> merged(List<T> before, List<T> updates, Function<T, String> name) {
    Set<String> updated = updates.stream().map(name).collect(Collectors.toSet());
    Stream<T> kept = before.stream().filter(item -> !updated.contains(name.apply(item)));
    return Stream.concat(kept, updates.stream()).toList();
  }
}
