package org.workermanager.app.scenario;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.app.Eventually;
import org.workermanager.app.http.HttpSettings;
import org.workermanager.app.http.OperatorServer;
import org.workermanager.app.service.ServiceListener;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.app.service.WorkerManagerService;
import org.workermanager.domain.Operator;
import org.workermanager.jdbc.JdbcSettings;

/** One running manager, with the HTTP side for its operators, as the program runs them. */
public final class Instance implements AutoCloseable {

  static final Duration USUAL_EXPIRY = Duration.ofSeconds(60);
  private static final long PATIENCE_SECONDS = 60;

  private final String name;
  private final WorkerManagerService service;
  private final OperatorServer server;

  private Instance(String name, WorkerManagerService service, OperatorServer server) {
    this.name = name;
    this.service = service;
    this.server = server;
  }

  static String newName() {
    return "test-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** Starts one of this name, and waits until it is ready. */
  static Instance start(Services services, String name, Duration heartbeatExpiry) throws Exception {
    return start(AmqpSettings.of(services.broker(), name, heartbeatExpiry), services.database());
  }

  /** Starts one with these settings, and waits until it is ready. */
  public static Instance start(AmqpSettings amqp, JdbcSettings database) throws Exception {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    WorkerManagerService service =
        new WorkerManagerService(
            new ServiceSettings(amqp, database, List.of(), Map.of(), false),
            new ServiceListener() {
              @Override
              public void ready() {
                ready.complete(null);
              }

              @Override
              public void failed(String reason) {
                ready.completeExceptionally(new AssertionError(reason));
              }
            });
    service.start();
    try {
      ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      HttpSettings http = new HttpSettings(new InetSocketAddress("127.0.0.1", 0), List.of());
      return new Instance(amqp.instance(), service, serve(service, http));
    } catch (Exception e) {
      service.close();
      throw e;
    }
  }

  private static OperatorServer serve(WorkerManagerService service, HttpSettings settings) {
    return OperatorServer.start(settings, () -> service.manager().operator());
  }

  /** Serves operators in another way as well. */
  OperatorServer serve(HttpSettings settings) {
    return serve(service, settings);
  }

  /** Its name for itself. */
  String name() {
    return name;
  }

  /** Where operators are served. */
  InetSocketAddress address() {
    return server.address();
  }

  /** An operator of this tenant. */
  OperatorClient operator(String tenant) {
    return new OperatorClient(server.url(), tenant);
  }

  /** As a program has it that embeds a manager. */
  public Operator embedded() {
    return service.manager().operator();
  }

  /** Waits until it knows that workers of this type are alive. */
  public void awaitAlive(String workerType) {
    Eventually.await(workerType + " to come alive")
        .until(
            () ->
                embedded().workerTypes().stream()
                    .anyMatch(type -> type.isAlive() && type.workerType().equals(workerType)));
  }

  /** Ends in the middle of whatever it does: operators' retries and deletes are not waited for. */
  void breakOff() {
    service.close();
    server.close();
  }

  /** As the program ends when it is told to. */
  @Override
  public void close() {
    server.close();
    service.close();
  }
}
