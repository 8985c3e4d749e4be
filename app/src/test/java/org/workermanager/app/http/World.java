package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.workermanager.domain.Ports;
import org.workermanager.domain.Settings;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.memory.InMemoryConfigurationStore;
import org.workermanager.domain.memory.InMemoryLeaseStore;
import org.workermanager.domain.memory.InMemoryRequestStore;
import org.workermanager.domain.memory.InMemoryWorkerStore;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.Stores;

/** A manager whose stores are in memory and whose broker takes everything, as operators see it. */
public final class World implements Publisher {

  public static final String TENANT = "t1";

  private final InMemoryLeaseStore leases = new InMemoryLeaseStore(InstantSource.system());
  public final InMemoryRequestStore requests =
      new InMemoryRequestStore(InstantSource.system(), leases);
  public final WorkerManager manager;
  private int messages;

  /** Serves t1, with workers A and B and a workflow of both, and t2, with worker C. */
  public World() {
    this(search -> search, 500);
  }

  /**
   * @param search what is between the manager and the store's search
   */
  public World(UnaryOperator<RequestSearch> search, int pageSize) {
    manager =
        new WorkerManager(
            new Settings("instance", Duration.ofSeconds(60), Duration.ofHours(1), pageSize, true),
            new Ports(
                new Stores(
                    requests,
                    search.apply(requests),
                    new InMemoryConfigurationStore(),
                    new InMemoryWorkerStore(),
                    leases),
                this,
                Monitor.NONE,
                InstantSource.system(),
                System::nanoTime,
                new SplittableRandom(1),
                () -> {}));
    manager.start();
    manager
        .operator()
        .configure(
            TENANT,
            new ConfigurationUpdate(
                true,
                List.of(worker("A", "a", "b"), worker("B", "b", "c")),
                List.of(
                    new WorkflowConfiguration(
                        "flow", List.of(new WorkflowStep(1, "A"), new WorkflowStep(5, "B")), true)),
                List.of("skipped")));
    manager
        .operator()
        .configure(
            "t2",
            new ConfigurationUpdate(true, List.of(worker("C", "c", "d")), List.of(), List.of()));
  }

  public static WorkerConfiguration worker(String type, String input, String output) {
    return new WorkerConfiguration(type, List.of(input), output, true);
  }

  public static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public void beat(String type, String instance) {
    manager.heartbeats(List.of(new Heartbeat(instance, type, Instant.now())));
    drain();
  }

  public void drain() {
    while (manager.dispatchWaiting()) {
      // until nothing more can be done
    }
  }

  public void submit(String tenant, String id, String contentType) {
    submit(tenant, id, contentType, "owner", "session");
  }

  public void submit(String tenant, String id, String contentType, String source, String session) {
    manager.submit(
        List.of(
            new Submission(
                tenant,
                id,
                source,
                session,
                contentType,
                3,
                content("content " + id),
                fingerprint(),
                false)));
  }

  public void reply(String tenant, String id, ReplyStatus status, String content) {
    manager.replies(
        List.of(
            new Reply(
                new RequestKey(tenant, id),
                status,
                List.of("said", "more"),
                Map.of("k", "v"),
                content == null ? null : content(content),
                null,
                fingerprint(),
                false)));
  }

  /** One that its worker failed on. */
  public void failed(String tenant, String id, String contentType) {
    submit(tenant, id, contentType);
    reply(tenant, id, ReplyStatus.ERROR, null);
  }

  private Fingerprint fingerprint() {
    return new Fingerprint(String.format("%064x", ++messages));
  }

  public static Content content(String text) {
    return Content.of(text.getBytes(UTF_8));
  }

  @Override
  public List<Refused<Response>> respond(List<Response> responses, BooleanSupplier allowed) {
    return List.of();
  }

  @Override
  public List<Refused<HeldRequest>> dispatch(
      List<HeldRequest> dispatched, BooleanSupplier allowed) {
    return List.of();
  }

  @Override
  public QueueState workerQueue(String workerType) {
    return QueueState.EMPTY;
  }
}
