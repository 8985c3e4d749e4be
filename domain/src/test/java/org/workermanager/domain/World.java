package org.workermanager.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.memory.InMemoryConfigurationStore;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.store.RequestStore;

/**
 * A worker manager with everything around it in memory, and a clock that stands still unless it is
 * moved.
 */
final class World implements Publisher {

  static final String TENANT = "tenant";

  final InMemoryRequestStore requests;
  final InMemoryConfigurationStore configurations = new InMemoryConfigurationStore();
  final WorkerManager manager;

  /**
   * What was published, in order: {@code STATE request} for responses, {@code >type request} for
   * dispatches.
   */
  final List<String> published = new ArrayList<>();

  final List<Response> responses = new ArrayList<>();
  final List<HeldRequest> dispatches = new ArrayList<>();

  /**
   * When positive, that many more publications succeed, and the next ones fail until it is set
   * again.
   */
  int publicationsLeft = Integer.MAX_VALUE;

  boolean refuseDispatches;

  /** What the monitor was told of what is worth an operator's look. */
  final List<String> reported = new ArrayList<>();

  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int messages;
  private int instances;

  World() {
    requests = new InMemoryRequestStore(() -> now);
    manager = instance("instance", requests, this, () -> {});
    configure(
        List.of(worker("A", "a", "b"), worker("B", "b", "c")),
        new WorkflowConfiguration(
            "flow", List.of(new WorkflowStep(20, "B"), new WorkflowStep(10, "A")), true));
    manager.start();
  }

  /** Another manager around the same stores, not started yet. */
  WorkerManager instance(
      String name, RequestStore store, Publisher publisher, Runnable waitingSignal) {
    Ports ports =
        new Ports(
            store,
            configurations,
            publisher,
            monitor(),
            () -> now,
            () -> Duration.between(Instant.EPOCH, now).toNanos(),
            new SplittableRandom(++instances),
            waitingSignal);
    return new WorkerManager(Settings.ofInstance(name), ports);
  }

  private Monitor monitor() {
    return new Monitor() {
      @Override
      public void workerTypeAlive(String workerType, boolean configured) {
        reported.add("alive " + workerType + (configured ? "" : ", not configured"));
      }

      @Override
      public void workerTypeSilent(String workerType) {
        reported.add("silent " + workerType);
      }

      @Override
      public void workerClockWrong(Heartbeat beat) {
        reported.add("clock wrong " + beat.instance());
      }

      @Override
      public void ignored(RequestKey key, Transition.Reason reason) {
        reported.add(reason + " " + key.requestId());
      }

      @Override
      public void headerDropped(RequestKey key, String header, String reason) {
        reported.add("header dropped " + header);
      }
    };
  }

  static WorkerConfiguration worker(String type, String input, String output) {
    return new WorkerConfiguration(type, List.of(input), output, true);
  }

  void configure(List<WorkerConfiguration> workers, WorkflowConfiguration... workflows) {
    manager.configure(
        TENANT,
        new ConfigurationUpdate(true, workers, Arrays.asList(workflows), List.of("skipped")));
  }

  void beat(String... types) {
    for (String type : types) {
      manager.heartbeats(List.of(new Heartbeat(type + "-1", type, now)));
    }
    drain();
  }

  void drain() {
    while (manager.dispatchWaiting()) {
      // until nothing more can be done
    }
  }

  void pass(Duration time) {
    now = now.plus(time);
    manager.tick();
    drain();
  }

  Submission request(String id, String contentType) {
    return new Submission(
        TENANT,
        id,
        "owner",
        "session",
        contentType,
        0,
        content("content " + id),
        fingerprint(),
        false);
  }

  static Submission redelivered(Submission s) {
    return new Submission(
        s.tenant(),
        s.requestId(),
        s.source(),
        s.session(),
        s.contentType(),
        0,
        s.content(),
        s.fingerprint(),
        true);
  }

  List<Refusal> submit(Submission... submissions) {
    return manager.submit(Arrays.asList(submissions));
  }

  Reply reply(String id, ReplyStatus status, String content) {
    return new Reply(
        new RequestKey(TENANT, id),
        status,
        List.of("said"),
        Map.of("k", "v"),
        content == null ? null : content(content),
        null,
        fingerprint(),
        false);
  }

  static Reply echoing(Reply r, String dispatch) {
    return new Reply(
        r.key(),
        r.status(),
        r.messages(),
        r.additionalHeaders(),
        r.content(),
        dispatch,
        r.fingerprint(),
        false);
  }

  static Reply redelivered(Reply r) {
    return new Reply(
        r.key(),
        r.status(),
        r.messages(),
        r.additionalHeaders(),
        r.content(),
        r.dispatch(),
        r.fingerprint(),
        true);
  }

  DeadLetter deadLetter(String id, String dispatch) {
    return new DeadLetter(
        new RequestKey(TENANT, id), "stack trace", dispatch, fingerprint(), false);
  }

  void replies(Reply... replies) {
    manager.replies(Arrays.asList(replies));
  }

  Fingerprint fingerprint() {
    return new Fingerprint(String.format("%064x", ++messages));
  }

  static Content content(String text) {
    return Content.of(text.getBytes(UTF_8));
  }

  /** What was published since the last call. */
  List<String> told() {
    List<String> told = List.copyOf(published);
    published.clear();
    return told;
  }

  RequestStatus status(String id) {
    return requests
        .find(new RequestKey(TENANT, id))
        .map(HeldRequest::request)
        .map(Request::status)
        .orElse(null);
  }

  private void publishing() {
    if (publicationsLeft <= 0) {
      throw new BrokerUnavailableException("away", null);
    }
    publicationsLeft--;
  }

  @Override
  public List<Refused<Response>> respond(List<Response> batch) {
    publishing();
    responses.addAll(batch);
    batch.forEach(response -> published.add(response.state() + " " + response.key().requestId()));
    return List.of();
  }

  @Override
  public List<Refused<HeldRequest>> dispatch(List<HeldRequest> batch) {
    publishing();
    if (refuseDispatches) {
      return batch.stream().map(held -> new Refused<>(held, "full")).toList();
    }
    dispatches.addAll(batch);
    batch.forEach(
        held ->
            published.add(
                ">"
                    + held.request().state().workerType()
                    + " "
                    + held.request().key().requestId()));
    return List.of();
  }
}
