package org.workermanager.app.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.amqp.embedded.EmbeddedBrokerException;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.app.service.ServiceListener;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.app.service.WorkerManagerService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Serves until it is told to stop. */
@Command(name = "run", description = "Serve until SIGTERM.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final int CANNOT_START = 2;

  /** A stop takes no longer than 10 s, whatever hangs. */
  private static final Duration LONGEST_STOP = Duration.ofMillis(9_500);

  @Mixin private ServiceOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    // everything is checked before anything starts
    BrokerAddress given = options.embeddedBroker() ? null : options.broker();
    Path folder = options.dataDir().toAbsolutePath().resolve("broker");
    boolean brokerForgets = given == null && !Files.exists(folder);
    ServiceSettings checked =
        options.settings(
            given == null ? BrokerAddress.parse("amqp://127.0.0.1") : given, brokerForgets);
    EmbeddedBroker embedded = null;
    if (given == null) {
      try {
        embedded =
            EmbeddedBrokers.start(
                options.embeddedPort(), BrokerAddress.DEFAULT_VIRTUAL_HOST, folder);
      } catch (EmbeddedBrokerException e) {
        return cannotStart(e.getMessage());
      }
    }
    ServiceSettings settings =
        embedded == null
            ? checked
            : options.settings(BrokerAddress.parse(embedded.uri()), brokerForgets);
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CompletableFuture<String> failure = new CompletableFuture<>();
    WorkerManagerService service = new WorkerManagerService(settings, new Listener(ready, failure));
    stopOnSignal(service, embedded);
    service.start();
    CompletableFuture.anyOf(ready, failure).join();
    if (!failure.isDone()) {
      sayReady(settings, service.manager().tenants());
    }
    int code = cannotStart(failure.join());
    stop(service, embedded);
    // not by returning: the shutdown hook is for being told to stop, and would make it a success
    Runtime.getRuntime().halt(code);
    return code;
  }

  private record Listener(CompletableFuture<Void> isReady, CompletableFuture<String> failure)
      implements ServiceListener {

    @Override
    public void ready() {
      isReady.complete(null);
    }

    @Override
    public void failed(String reason) {
      failure.complete(reason);
    }
  }

  private void sayReady(ServiceSettings settings, Set<String> tenants) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Ready: broker %s; database %s; instance %s; tenants: %s"
            .formatted(
                settings.amqp().broker(),
                settings.database().database(),
                settings.amqp().instance(),
                tenants.isEmpty()
                    ? "none (add them with --tenant or --config)"
                    : String.join(", ", new TreeSet<>(tenants))));
    out.flush();
  }

  private int cannotStart(String reason) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(reason);
    err.flush();
    return CANNOT_START;
  }

  /** Java would exit with 143 after SIGTERM: to stop when told to is a success. */
  private static void stopOnSignal(WorkerManagerService service, EmbeddedBroker embedded) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop(service, embedded);
                  Runtime.getRuntime().halt(0);
                }));
  }

  /** Stops both; returns even if they hang. */
  private static void stop(WorkerManagerService service, EmbeddedBroker embedded) {
    Thread stopping =
        new Thread(
            () -> {
              service.close();
              if (embedded != null) {
                embedded.close();
              }
            },
            "worker-manager stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      stopping.join(LONGEST_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
