package org.workermanager.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.ServedTenant;

/** Configurations in the tables {@code tenant}, {@code worker} and {@code workflow}. */
final class JdbcConfigurationStore implements ConfigurationStore {

  private record TenantRow(Fingerprint lastStartImport, List<String> skipContentTypes) {}

  private final Transactions transactions;

  JdbcConfigurationStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Map<String, Long> versions() {
    Map<String, Long> versions = new TreeMap<>();
    transactions
        .run(
            handle ->
                handle
                    .createQuery("SELECT name, version FROM tenant")
                    .map((row, context) -> Map.entry(row.getString("name"), row.getLong("version")))
                    .list())
        .forEach(tenant -> versions.put(tenant.getKey(), tenant.getValue()));
    return versions;
  }

  @Override
  public Optional<ServedTenant> find(String tenant) {
    return transactions.read(handle -> find(handle, tenant, ""));
  }

  @Override
  public Set<String> paused() {
    return transactions.run(
        handle ->
            handle
                .createQuery("SELECT worker_type FROM paused_worker_type")
                .mapTo(String.class)
                .collect(Collectors.toUnmodifiableSet()));
  }

  /** Where another one does the same at this moment, one of the two is run again. */
  @Override
  public void pause(String workerType) {
    transactions.run(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO paused_worker_type (worker_type) SELECT CAST(:workerType AS VARCHAR)"
                        + " WHERE NOT EXISTS (SELECT 1 FROM paused_worker_type WHERE worker_type = :workerType)")
                .bind("workerType", workerType)
                .execute());
  }

  @Override
  public void resume(String workerType) {
    transactions.run(
        handle ->
            handle.execute("DELETE FROM paused_worker_type WHERE worker_type = ?", workerType));
  }

  @Override
  public void change(String tenant, UnaryOperator<ServedTenant> change) {
    transactions.run(
        handle -> {
          Optional<ServedTenant> before = find(handle, tenant, " FOR UPDATE");
          ServedTenant after = change.apply(before.orElse(ServedTenant.NEW));
          if (before.isEmpty()) {
            handle.execute("INSERT INTO tenant (name, version) VALUES (?, 0)", tenant);
          }
          if (before.isEmpty() || !before.get().equals(after)) {
            write(handle, tenant, after);
          }
          return null;
        });
  }

  private static Optional<ServedTenant> find(Handle handle, String tenant, String lock) {
    Optional<TenantRow> found =
        handle
            .createQuery(
                "SELECT last_start_import, skip_content_types FROM tenant WHERE name = :tenant"
                    + lock)
            .bind("tenant", tenant)
            .map(
                (row, context) ->
                    new TenantRow(
                        RequestRow.fingerprint(row, "last_start_import"),
                        TextList.read(row.getString("skip_content_types"))))
            .findOne();
    return found.map(
        row ->
            new ServedTenant(
                new Configuration(
                    workers(handle, tenant), workflows(handle, tenant), row.skipContentTypes()),
                row.lastStartImport()));
  }

  private static List<WorkerConfiguration> workers(Handle handle, String tenant) {
    return handle
        .createQuery("SELECT * FROM worker WHERE tenant = :tenant ORDER BY ordinal")
        .bind("tenant", tenant)
        .map(
            (row, context) ->
                new WorkerConfiguration(
                    row.getString("worker_type"),
                    TextList.read(row.getString("content_type_inputs")),
                    row.getString("content_type_output"),
                    row.getBoolean("keep_errors"),
                    duration(row.getString("dispatch_timeout"))))
        .list();
  }

  private static Duration duration(String column) {
    return column == null ? null : Duration.parse(column);
  }

  private static List<WorkflowConfiguration> workflows(Handle handle, String tenant) {
    return handle
        .createQuery("SELECT * FROM workflow WHERE tenant = :tenant ORDER BY ordinal")
        .bind("tenant", tenant)
        .map(
            (row, context) ->
                new WorkflowConfiguration(
                    row.getString("workflow_type"),
                    steps(TextList.read(row.getString("steps"))),
                    row.getBoolean("keep_errors")))
        .list();
  }

  private static List<WorkflowStep> steps(List<String> numbersAndTypes) {
    List<WorkflowStep> steps = new ArrayList<>();
    for (int i = 0; i < numbersAndTypes.size(); i += 2) {
      steps.add(
          new WorkflowStep(Integer.parseInt(numbersAndTypes.get(i)), numbersAndTypes.get(i + 1)));
    }
    return steps;
  }

  private static void write(Handle handle, String tenant, ServedTenant served) {
    Configuration configuration = served.configuration();
    handle.execute("DELETE FROM worker WHERE tenant = ?", tenant);
    handle.execute("DELETE FROM workflow WHERE tenant = ?", tenant);
    int ordinal = 0;
    for (WorkerConfiguration worker : configuration.workers()) {
      handle.execute(
          "INSERT INTO worker (tenant, ordinal, worker_type, content_type_inputs, content_type_output, keep_errors,"
              + " dispatch_timeout) VALUES (?, ?, ?, ?, ?, ?, ?)",
          tenant,
          ordinal++,
          worker.workerType(),
          TextList.write(worker.contentTypeInputs()),
          worker.contentTypeOutput(),
          worker.keepErrors(),
          Objects.toString(worker.dispatchTimeout(), null));
    }
    for (WorkflowConfiguration workflow : configuration.workflows()) {
      List<String> steps = new ArrayList<>();
      for (WorkflowStep step : workflow.steps()) {
        steps.add(Integer.toString(step.stepNumber()));
        steps.add(step.workerType());
      }
      handle.execute(
          "INSERT INTO workflow (tenant, ordinal, workflow_type, steps, keep_errors) VALUES (?, ?, ?, ?, ?)",
          tenant,
          ordinal++,
          workflow.workflowType(),
          TextList.write(steps),
          workflow.keepErrors());
    }
    handle.execute(
        "UPDATE tenant SET version = version + 1, last_start_import = ?, skip_content_types = ? WHERE name = ?",
        RequestRow.bytes(served.lastStartImport()),
        TextList.write(configuration.skipContentTypes()),
        tenant);
  }
}
