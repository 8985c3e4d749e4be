package org.workermanager.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.workermanager.amqp.client.RequestMessage;
import org.workermanager.amqp.client.Requester;
import org.workermanager.amqp.client.WorkRequest;
import org.workermanager.amqp.client.WorkResult;
import org.workermanager.amqp.client.Worker;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.app.service.WorkerManagerService;
import org.workermanager.domain.registry.WorkerTypeStatus;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/**
 * Shows a running worker manager at work: sample workers, a two-step workflow and a requester, all
 * talking AMQP to it. A worker type starts late, so that requests wait; one request fails and one
 * is skipped.
 */
public final class Demo {

  private static final String TENANT = "demo";
  private static final String RESIZE = "demo-resize";
  private static final String LABEL = "demo-label";
  private static final String ARCHIVE = "demo-archive";
  private static final String CORRUPT = "corrupt";

  /** Of each worker type: they share its queue. */
  private static final int INSTANCES = 3;

  private static final Duration BEAT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SUBMITTED_AT_ONCE = 500;

  private final WorkerManagerService service;
  private final BrokerAddress broker;
  private final PrintWriter out;
  private final Tally tally = new Tally();
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final List<Worker> workers = new ArrayList<>();
  private long startNanos;

  /**
   * @param service ready
   * @param broker where the service consumes
   */
  public Demo(WorkerManagerService service, BrokerAddress broker, PrintWriter out) {
    this.service = service;
    this.broker = broker;
    this.out = out;
  }

  /**
   * Runs the demo.
   *
   * @param requests how many to submit, besides the one that fails and the one that is skipped
   * @return whether every one was answered as it had to be
   */
  public boolean run(int requests) throws IOException, TimeoutException, InterruptedException {
    service.manager().operator().configure(TENANT, configuration());
    try (Requester requester = Requester.connectTemporarily(broker, tally::heard)) {
      say(
          "Workers %s and %s start; workflow demo.picture goes through both, in this order",
          RESIZE, LABEL);
      start(RESIZE, request -> work(request, "resized "));
      start(LABEL, request -> work(request, "labelled "));
      await(
          () ->
              service.manager().operator().workerTypes().stream()
                  .map(WorkerTypeStatus::workerType)
                  .collect(Collectors.toSet())
                  .containsAll(Set.of(RESIZE, LABEL)),
          "the workers to be alive");
      startNanos = System.nanoTime();
      submit(requester, requests);
      int reports = reports(requests);
      await(() -> tally.everDelayed() >= reports, "the reports to be DELAYED");
      say("%d reports are DELAYED, since no worker %s is alive. Now one starts", reports, ARCHIVE);
      start(ARCHIVE, request -> work(request, "archived "));
      return awaitAll(requests);
    } finally {
      workers.forEach(Worker::close);
    }
  }

  private void start(String workerType, Function<WorkRequest, WorkResult> work) {
    for (int i = 0; i < INSTANCES; i++) {
      workers.add(Worker.start(broker, workerType, BEAT, work));
    }
  }

  private static ConfigurationUpdate configuration() {
    return new ConfigurationUpdate(
        true,
        List.of(
            new WorkerConfiguration(RESIZE, List.of("demo.raw"), "demo.small", true),
            new WorkerConfiguration(LABEL, List.of("demo.small"), "demo.labelled", true),
            new WorkerConfiguration(ARCHIVE, List.of("demo.report"), null, true)),
        List.of(
            new WorkflowConfiguration(
                "demo.picture",
                List.of(new WorkflowStep(1, RESIZE), new WorkflowStep(2, LABEL)),
                true)),
        List.of("demo.obsolete"));
  }

  private WorkResult work(WorkRequest request, String done) {
    tally.begun();
    try {
      String content = new String(request.content(), UTF_8);
      return content.equals(CORRUPT)
          ? WorkResult.failure("The picture is corrupt.")
          : WorkResult.success(
              (done + content).getBytes(UTF_8), Map.of("demo-last-worker", done.strip()));
    } finally {
      tally.ended();
    }
  }

  /** Every tenth is a report, every second of the others goes through the workflow. */
  private void submit(Requester requester, int requests) throws IOException, TimeoutException {
    List<RequestMessage> batch = new ArrayList<>();
    batch.add(request("fails", "demo.raw", CORRUPT));
    batch.add(request("skipped", "demo.obsolete", ""));
    for (int i = 0; i < requests; i++) {
      String contentType = i % 10 == 0 ? "demo.report" : i % 2 == 0 ? "demo.raw" : "demo.picture";
      batch.add(request(Integer.toString(i), contentType, "picture " + i));
      if (batch.size() >= SUBMITTED_AT_ONCE || i == requests - 1) {
        batch.forEach(request -> tally.submitted(request.requestId()));
        requester.submit(batch);
        batch.clear();
        say("%s", tally.progress());
      }
    }
  }

  private static int reports(int requests) {
    return (requests + 9) / 10;
  }

  private RequestMessage request(String name, String contentType, String content) {
    return new RequestMessage(
        TENANT,
        run + "-" + name,
        "demo",
        "session " + run,
        contentType,
        0,
        content.getBytes(UTF_8));
  }

  private boolean awaitAll(int requests) throws InterruptedException {
    int all = requests + 2;
    int before = -1;
    long lastChange = System.nanoTime();
    while (tally.finished() < all && System.nanoTime() - lastChange < PATIENCE.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(500);
      say("%s", tally.progress());
      if (tally.finished() != before) {
        before = tally.finished();
        lastChange = System.nanoTime();
      }
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    boolean complete =
        tally.in("SUCCESS") == requests && tally.in("ERROR") == 1 && tally.in("SKIPPED") == 1;
    say(
        "%s: %d requests in %.1f s, %.0f requests/s; %d succeeded, %d failed, %d skipped, %d had to wait, %d lost,"
            + " %d answered twice",
        complete ? "Done" : "Not as it should be",
        all,
        seconds,
        all / seconds,
        tally.in("SUCCESS"),
        tally.in("ERROR"),
        tally.in("SKIPPED"),
        tally.everDelayed(),
        all - tally.finished(),
        tally.repeated());
    return complete;
  }

  private void await(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void say(String format, Object... arguments) {
    String elapsed =
        startNanos == 0 ? "" : "%5.1f s  ".formatted((System.nanoTime() - startNanos) / 1e9);
    out.println(elapsed + format.formatted(arguments));
    out.flush();
  }
}
