package org.workermanager.app.command;

import static org.workermanager.app.command.Table.number;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.HeldRequest;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.client.RequestPage;
import org.workermanager.app.client.RequestQuery;
import org.workermanager.app.command.Table.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists held requests, page by page. */
@Command(
    name = "list",
    description = "List the requests to which all that is given applies; without any, all.",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true)
final class RequestsListCommand implements Callable<Integer> {

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;
  @Mixin private FilterOptions filter;

  @Option(names = "--page", paramLabel = "N", defaultValue = "0", description = "From 0 (default).")
  private int page;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many requests a page has, up to 1000 (default: 20).")
  private int size;

  @Option(
      names = "--sort",
      paramLabel = "FIELD[,desc]",
      description =
          "Sort by id, requestId, creationDate, contentType, source, session, status or dispatchedWorkerType"
              + " (default: in the order of arrival). Repeatable.")
  private List<String> sort = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    RequestQuery query = filter.query();
    ManagerClient client = options.client();
    Answer<RequestPage> answer = client.search(tenant.at(client), query, page, size, sort);
    options.print(answer, ignored -> print(answer, options.out()));
    return ExitCode.DONE;
  }

  private static void print(Answer<RequestPage> answer, PrintWriter out) {
    List<HeldRequest> requests = answer.value().requests();
    if (!requests.isEmpty()) {
      Table table =
          new Table(
              Column.number("ID"),
              Column.text("REQUEST ID", Integer.MAX_VALUE),
              Column.text("STATUS", 20),
              Column.text("FOR", 10),
              Column.text("CONTENT TYPE", 24),
              Column.text("SOURCE", 24),
              Column.text("SESSION", 24),
              Column.text("WORKER TYPE", 24),
              Column.text("ERROR", 60));
      for (HeldRequest request : requests) {
        table.add(
            request.id(),
            request.requestId(),
            request.status(),
            Age.at(answer.at(), request.since()),
            request.contentType(),
            request.source(),
            request.session(),
            request.workerType() == null ? request.dispatchedWorkerType() : request.workerType(),
            firstLine(request.error()));
      }
      table.print(out);
    }
    out.println(summary(requests.size(), answer.value().metadata()));
  }

  private static String firstLine(String text) {
    List<String> lines = text == null ? List.of() : text.lines().toList();
    return lines.isEmpty() ? "" : lines.get(0) + (lines.size() > 1 ? " ..." : "");
  }

  private static String summary(int shown, RequestPage.Metadata page) {
    if (page.totalElements() == 0) {
      return "No requests.";
    }
    String requests = "%d of %s".formatted(shown, OperationWatch.requests(page.totalElements()));
    if (page.number() + 1 < page.totalPages()) {
      return requests + "; next: --page " + (page.number() + 1);
    }
    return page.number() < page.totalPages()
        ? requests
        : requests + "; the last page is --page " + number(page.totalPages() - 1);
  }
}
