package org.workermanager.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.memory.InMemoryConfigurationStore;
import org.workermanager.domain.memory.InMemoryLeaseStore;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.memory.InMemoryWorkerStore;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
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
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.SearchTooLongException;
import org.workermanager.domain.store.Stores;

/**
 * A worker manager with everything around it in memory, and a clock that stands still unless it is
 * moved.
 */
final class World implements Publisher {

  static final String TENANT = "tenant";

  final InMemoryLeaseStore leases;
  final InMemoryRequestStore requests;
  final InMemoryConfigurationStore configurations = new InMemoryConfigurationStore();
  final InMemoryWorkerStore workers = new InMemoryWorkerStore();
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

  /** Whether contents are so large that few fit into a page. */
  boolean largeContents;

  /** A tenant that holds so much that its requests cannot be counted in time; or null. */
  String tooMuchToCount;

  boolean queuesUnknown;

  /** What the broker says of workers' queues. */
  final Map<String, QueueState> queues = new HashMap<>();

  /** What the monitor was told of what is worth an operator's look. */
  final List<String> reported = new ArrayList<>();

  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** By how much the managers' time of day differs from the stores'. */
  Duration clockError = Duration.ZERO;

  private final Settings settings;
  private final List<WorkerManager> managers = new ArrayList<>();
  private int messages;
  private int instances;

  World() {
    this(Settings.ofInstance("instance"));
  }

  World(Settings settings) {
    this.settings = settings;
    leases = new InMemoryLeaseStore(() -> now);
    requests = new InMemoryRequestStore(() -> now, leases);
    manager = instance("instance", requests, this, () -> {});
    configure(
        List.of(worker("A", "a", "b"), worker("B", "b", "c")),
        new WorkflowConfiguration(
            "flow", List.of(new WorkflowStep(20, "B"), new WorkflowStep(10, "A")), true));
    manager.start();
  }

  /** One that looks at so many requests at a time. */
  static World withPagesOf(int pageSize) {
    Settings usual = Settings.ofInstance("instance");
    return new World(
        new Settings(
            usual.instance(), usual.heartbeatExpiry(), usual.markRetention(), pageSize, true));
  }

  /** The store, but for something else that happens each time just before this method of it. */
  RequestStore before(String method, Runnable happens) {
    return (RequestStore)
        Proxy.newProxyInstance(
            World.class.getClassLoader(),
            new Class<?>[] {RequestStore.class},
            (self, called, arguments) -> {
              if (called.getName().equals(method)) {
                happens.run();
              }
              try {
                return called.invoke(requests, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Finds one request at a time while contents are said to be large, and counts not too much. */
  private RequestSearch search() {
    return (RequestSearch)
        Proxy.newProxyInstance(
            World.class.getClassLoader(),
            new Class<?>[] {RequestSearch.class},
            (self, called, arguments) -> {
              if (called.getName().equals("count") && arguments[0].equals(tooMuchToCount)) {
                throw new SearchTooLongException("too long", null);
              }
              Object found = called.invoke(requests, arguments);
              return largeContents && found instanceof List<?> page && page.size() > 1
                  ? page.subList(0, 1)
                  : found;
            });
  }

  /** This publisher, but for what happens, once each, just before it publishes responses. */
  Publisher beforeResponding(List<Runnable> happenings) {
    return (Publisher)
        Proxy.newProxyInstance(
            World.class.getClassLoader(),
            new Class<?>[] {Publisher.class},
            (self, called, arguments) -> {
              if (called.getName().equals("respond") && !happenings.isEmpty()) {
                happenings.remove(0).run();
              }
              try {
                return called.invoke(this, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Another manager around the same stores, started. */
  WorkerManager started(String name) {
    return started(name, requests, this);
  }

  WorkerManager started(String name, RequestStore store) {
    return started(name, store, this);
  }

  WorkerManager started(String name, Publisher publisher) {
    return started(name, requests, publisher);
  }

  private WorkerManager started(String name, RequestStore store, Publisher publisher) {
    WorkerManager started = instance(name, store, publisher, () -> {});
    started.start();
    return started;
  }

  /** Another manager around the same stores, not started yet. */
  WorkerManager instance(
      String name, RequestStore store, Publisher publisher, Runnable waitingSignal) {
    Ports ports =
        new Ports(
            new Stores(store, search(), configurations, workers, leases),
            publisher,
            monitor(),
            () -> now.plus(clockError),
            () -> Duration.between(Instant.EPOCH, now).toNanos(),
            new SplittableRandom(++instances),
            waitingSignal);
    Settings named =
        new Settings(
            name,
            settings.heartbeatExpiry(),
            settings.markRetention(),
            settings.pageSize(),
            settings.deadLetterResponses());
    WorkerManager made = new WorkerManager(named, ports);
    managers.add(made);
    return made;
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
      public void instanceSilent(String instance) {
        reported.add("silent " + instance);
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
      public void workerTypePaused(String workerType) {
        reported.add("paused " + workerType);
      }

      @Override
      public void workerTypeResumed(String workerType) {
        reported.add("resumed " + workerType);
      }

      @Override
      public void overdue(String tenant, String workerType, long count, String reason) {
        reported.add("overdue %s %s %d: %s".formatted(tenant, workerType, count, reason));
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
    manager
        .operator()
        .configure(
            TENANT,
            new ConfigurationUpdate(true, workers, Arrays.asList(workflows), List.of("skipped")));
  }

  void beat(String... types) {
    for (String type : types) {
      beatTo(manager, type);
    }
    drain();
  }

  /** Has this manager hear of a worker; it dispatches nothing yet. */
  void beatTo(WorkerManager hearing, String type) {
    hearing.heartbeats(List.of(new Heartbeat(type + "-1", type, now)));
  }

  void drain() {
    drain(manager);
  }

  static void drain(WorkerManager manager) {
    while (manager.dispatchWaiting()) {
      // until nothing more can be done
    }
  }

  /** All managers go on renewing their leases meanwhile. */
  void letPass(Duration time) {
    now = now.plus(time);
    managers.forEach(WorkerManager::renewLease);
  }

  void pass(Duration time) {
    letPass(time);
    manager.tick();
    manager.lookForOverdue();
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

  /** The same of another tenant. */
  static Submission of(String tenant, Submission s) {
    return new Submission(
        tenant,
        s.requestId(),
        s.source(),
        s.session(),
        s.contentType(),
        s.priority(),
        s.content(),
        s.fingerprint(),
        s.redelivered());
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

  List<Leftover> submit(Submission... submissions) {
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

  static DeadLetter redelivered(DeadLetter l) {
    return new DeadLetter(l.key(), l.reason(), l.dispatch(), l.fingerprint(), true);
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

  /** What was reported to the monitor since the last call. */
  List<String> reports() {
    List<String> told = List.copyOf(reported);
    reported.clear();
    return told;
  }

  RequestStatus status(String id) {
    return requests
        .find(new RequestKey(TENANT, id))
        .map(RequestDetails::request)
        .map(Request::status)
        .orElse(null);
  }

  /** A held request. */
  Request held(String id) {
    return requests.find(new RequestKey(TENANT, id)).map(RequestDetails::request).orElseThrow();
  }

  @Override
  public QueueState workerQueue(String workerType) {
    if (queuesUnknown) {
      throw new BrokerUnavailableException("away", null);
    }
    return queues.getOrDefault(workerType, QueueState.EMPTY);
  }

  private void publishing(BooleanSupplier allowed) {
    if (publicationsLeft <= 0 || !allowed.getAsBoolean()) {
      throw new BrokerUnavailableException("away", null);
    }
    publicationsLeft--;
  }

  @Override
  public List<Refused<Response>> respond(List<Response> batch, BooleanSupplier allowed) {
    publishing(allowed);
    responses.addAll(batch);
    batch.forEach(response -> published.add(response.state() + " " + response.key().requestId()));
    return List.of();
  }

  @Override
  public List<Refused<HeldRequest>> dispatch(List<HeldRequest> batch, BooleanSupplier allowed) {
    publishing(allowed);
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
