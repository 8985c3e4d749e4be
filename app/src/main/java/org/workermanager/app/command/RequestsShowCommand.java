package org.workermanager.app.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.HeldRequest;
import org.workermanager.app.client.ManagerClient;
import org.workermanager.app.command.Table.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows everything that is known of one request. */
@Command(
    name = "show",
    description = "Show one request in full, with its history, or save its content.",
    mixinStandardHelpOptions = true)
final class RequestsShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ManagerOptions options;
  @Mixin private TenantOption tenant;

  @Parameters(paramLabel = "ID", description = "Its request id (not its number).")
  private String requestId;

  @Option(
      names = "--content",
      paramLabel = "FILE",
      description = "Save what the worker of its present step gets; - prints only that.")
  private OutputFile content;

  @Option(
      names = "--original-content",
      paramLabel = "FILE",
      description = "Save what its requester sent; - prints only that.")
  private OutputFile originalContent;

  @Override
  public Integer call() throws InterruptedException {
    boolean printsContent = isStandardOutput(content) || isStandardOutput(originalContent);
    if (content != null && originalContent != null && printsContent) {
      throw new ParameterException(spec.commandLine(), "Only one content can be printed at a time");
    }
    ManagerClient client = options.client();
    String of = tenant.at(client);
    if (!printsContent) {
      Answer<HeldRequest> answer = client.request(of, requestId);
      options.print(answer, ignored -> print(answer, options.out()));
    }
    if (content != null) {
      content.write(client.content(of, requestId), spec.commandLine());
    }
    if (originalContent != null) {
      originalContent.write(client.originalContent(of, requestId), spec.commandLine());
    }
    return ExitCode.DONE;
  }

  private static boolean isStandardOutput(OutputFile file) {
    return file != null && file.isStandardOutput();
  }

  private static void print(Answer<HeldRequest> answer, PrintWriter out) {
    HeldRequest request = answer.value();
    out.printf("Request %s (%d)%n", PrintableText.line(request.requestId()), request.id());
    field("status", inState(request.status(), request.since(), answer.at()), out);
    field("created", ago(request.creationDate(), answer.at()), out);
    field("source", request.source(), out);
    field("session", request.session(), out);
    field("content type", request.contentType(), out);
    field("content", request.contentSize() == null ? null : bytes(request.contentSize()), out);
    field("priority", text(request.priority()), out);
    field("stands at", position(request.workerType(), request.step()), out);
    field("last sent to", request.dispatchedWorkerType(), out);
    request.additionalHeaders().forEach((name, value) -> field("header", name + ": " + value, out));
    field("error", request.error(), out);
    if (!request.history().isEmpty()) {
      out.println();
      Table history =
          new Table(
              Column.text("WHEN", 30),
              Column.text("STATUS", 20),
              Column.text("WORKER TYPE", 40),
              Column.number("STEP"),
              Column.text("DETAIL", 250));
      for (HeldRequest.Transition transition : request.history()) {
        history.add(
            transition.at(),
            transition.status(),
            transition.workerType(),
            transition.step(),
            transition.detail());
      }
      history.print(out);
    }
  }

  /** Every further line of it under the first. */
  private static void field(String name, String value, PrintWriter out) {
    String label = name;
    for (String line : value == null ? List.<String>of() : value.lines().toList()) {
      out.printf("  %-13s %s%n", label, PrintableText.line(line));
      label = "";
    }
  }

  private static String inState(String status, String since, Instant now) {
    return since == null ? status : status + " for " + Age.at(now, since) + ", since " + since;
  }

  private static String ago(String instant, Instant now) {
    return instant == null ? null : instant + ", " + Age.at(now, instant) + " ago";
  }

  private static String bytes(long number) {
    return number == 1 ? "1 byte" : Table.number(number) + " bytes";
  }

  private static String position(String workerType, Integer step) {
    if (step == null) {
      return workerType;
    }
    return "step " + step + (workerType == null ? "" : ", " + workerType);
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
