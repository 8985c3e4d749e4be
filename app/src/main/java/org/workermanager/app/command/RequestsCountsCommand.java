package org.workermanager.app.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.Counts;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.RequestQuery;
import org.workermanager.app.command.Table.Column;
import org.workermanager.domain.request.RequestStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Counts held requests. */
@Command(
    name = "counts",
    description =
        "Count requests by status, worker type and session: those to which all that is given applies;"
            + " without any, all.",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true)
final class RequestsCountsCommand implements Callable<Integer> {

  private static final int SESSIONS_SHOWN = 20;

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;
  @Mixin private FilterOptions filter;

  @Override
  public Integer call() throws InterruptedException {
    RequestQuery query = filter.query();
    ManagerClient client = options.client();
    Answer<Counts> answer = client.counts(tenant.at(client), query);
    options.print(answer, counts -> print(counts, options.out()));
    return ExitCode.DONE;
  }

  private static void print(Counts counts, PrintWriter out) {
    if (counts.byStatus().isEmpty()) {
      out.println("No requests.");
    } else {
      List<String> statuses = inOrder(counts.byStatus().keySet());
      byStatus(counts, statuses).print(out);
      out.println();
      byWorkerType(counts, statuses).print(out);
      out.println();
      bySession(counts, statuses).print(out);
      int more = counts.bySession().size() - SESSIONS_SHOWN;
      if (more > 0) {
        out.println("and " + more + " sessions more; --json prints them");
      }
    }
  }

  /** As requests come into them. */
  private static List<String> inOrder(Set<String> statuses) {
    Set<String> ordered = new LinkedHashSet<>();
    Arrays.stream(RequestStatus.values()).map(Enum::name).forEach(ordered::add);
    ordered.retainAll(statuses);
    ordered.addAll(statuses);
    return List.copyOf(ordered);
  }

  private static Table byStatus(Counts counts, List<String> statuses) {
    Table table = new Table(Column.text("STATUS", 20), Column.number("REQUESTS"));
    statuses.forEach(status -> table.add(status, Table.number(counts.byStatus().get(status))));
    table.add("all", Table.number(total(counts.byStatus())));
    return table;
  }

  private static Table byWorkerType(Counts counts, List<String> statuses) {
    Table table = table(List.of(Column.text("WORKER TYPE", 40)), statuses);
    new TreeMap<>(counts.byWorkerType())
        .forEach((workerType, byStatus) -> add(table, List.of(workerType), byStatus, statuses));
    return table;
  }

  private static Table bySession(Counts counts, List<String> statuses) {
    Table table = table(List.of(Column.text("SOURCE", 30), Column.text("SESSION", 30)), statuses);
    counts.bySession().stream()
        .limit(SESSIONS_SHOWN)
        .forEach(
            session ->
                add(
                    table,
                    List.of(session.source(), session.session()),
                    session.byStatus(),
                    statuses));
    return table;
  }

  private static Table table(List<Column> first, List<String> statuses) {
    List<Column> columns = new ArrayList<>(first);
    statuses.forEach(status -> columns.add(Column.number(status)));
    columns.add(Column.number("ALL"));
    return new Table(columns);
  }

  private static void add(
      Table table, List<String> first, Map<String, Long> byStatus, List<String> statuses) {
    List<String> row = new ArrayList<>(first);
    statuses.forEach(status -> row.add(Table.number(byStatus.getOrDefault(status, 0L))));
    row.add(Table.number(total(byStatus)));
    table.add(row);
  }

  private static long total(Map<String, Long> byStatus) {
    return byStatus.values().stream().mapToLong(Long::longValue).sum();
  }
}
