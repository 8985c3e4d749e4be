package org.workermanager.app.command;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.amqp.embedded.EmbeddedBrokerException;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.app.http.HttpSettings;
import org.workermanager.app.http.HttpStartException;
import org.workermanager.app.http.OperatorServer;
import org.workermanager.app.service.ServiceListener;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.app.service.WorkerManagerService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Serves until it is told to stop. */
@Command(name = "run", description = "Serve until SIGTERM.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final int CANNOT_START = 2;

  @Mixin private ServiceOptions options;

  @Mixin private HttpOptions httpOptions;

  @ParentCommand private WorkerManagerCommand program;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    // everything is checked before anything starts
    program.environment().requireKnown(spec);
    ServiceSettings settings = options.settings();
    Optional<HttpSettings> http = httpOptions.settings();
    options.createDataDir();
    try {
      return serve(options.embeddedBroker() ? settings.withBroker(startBroker()) : settings, http);
    } catch (EmbeddedBrokerException | HttpStartException e) {
      return cannotStart(e.getMessage());
    }
  }

  private BrokerAddress startBroker() {
    EmbeddedBroker broker =
        EmbeddedBrokers.start(
            options.embeddedPort(), BrokerAddress.DEFAULT_VIRTUAL_HOST, options.brokerFolder());
    program.shutdown().add(broker);
    return BrokerAddress.parse(broker.uri());
  }

  /** Ends only when it cannot start. */
  private int serve(ServiceSettings settings, Optional<HttpSettings> http) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CompletableFuture<String> failure = new CompletableFuture<>();
    WorkerManagerService service = new WorkerManagerService(settings, new Listener(ready, failure));
    // before it is ready: so that whoever calls hears that it is not
    Optional<OperatorServer> server =
        http.map(
            where ->
                OperatorServer.start(
                    where, () -> ready.isDone() ? service.manager().operator() : null));
    service.start();
    program.shutdown().add(service);
    server.ifPresent(program.shutdown()::add);
    CompletableFuture.anyOf(ready, failure).join();
    if (!failure.isDone()) {
      // the last one, so the first to be stopped
      program.shutdown().add(() -> LoggerFactory.getLogger(RunCommand.class).info("Stopping"));
      sayReady(settings, service.manager().operator().tenants(), server);
    }
    return cannotStart(failure.join());
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

  private void sayReady(
      ServiceSettings settings, Set<String> tenants, Optional<OperatorServer> server) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Ready: broker %s; database %s; instance %s; tenants: %s"
                .formatted(
                    settings.amqp().broker(),
                    settings.database().database(),
                    settings.amqp().instance(),
                    tenants.isEmpty()
                        ? "none (add them with --tenant or --config)"
                        : String.join(", ", new TreeSet<>(tenants)))
            + server.map(started -> "; HTTP " + started.url()).orElse(""));
    out.flush();
  }

  private int cannotStart(String reason) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(reason);
    err.flush();
    return CANNOT_START;
  }
}
