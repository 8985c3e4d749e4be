package org.workermanager.app.command;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.workermanager.amqp.RequestQueue;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.amqp.embedded.EmbeddedBrokerException;
import org.workermanager.app.demo.Demo;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.app.service.ServiceListener;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.app.service.WorkerManagerService;
import org.workermanager.jdbc.JdbcSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Everything in one process, at work; leaves nothing behind but, on a real broker, the protocol's
 * empty queues.
 */
@Command(
    name = "demo",
    description = "Show a worker manager at work, with sample workers and a requester.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  private static final int LOST = 1;
  private static final int IN_USE = 2;

  @ParentCommand private WorkerManagerCommand program;

  @Spec private CommandSpec spec;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "600",
      description = "How many requests to submit (default: 600).")
  private int requests;

  @Mixin private BrokerOptions brokerOptions;

  @Override
  public Integer call() throws InterruptedException {
    if (requests < 1) {
      throw new ParameterException(
          spec.commandLine(), "--requests must be 1 or more, not " + requests);
    }
    Optional<BrokerAddress> given = brokerOptions.address();
    program.shutdown().setExitCode(LOST);
    try (TemporaryFolder folder = TemporaryFolder.create("worker-manager-demo")) {
      // what runs may be cut short by a signal, but nothing is to be left
      program.shutdown().add(folder);
      return given.isPresent() ? on(given.get(), folder.path()) : onEmbedded(folder.path());
    } catch (IOException e) {
      return fail(LOST, "The demo cannot use the folder for temporary files: " + e.getMessage());
    }
  }

  private int onEmbedded(Path folder) throws InterruptedException {
    try (EmbeddedBroker broker =
        EmbeddedBrokers.start(0, BrokerAddress.DEFAULT_VIRTUAL_HOST, folder.resolve("broker"))) {
      return demo(BrokerAddress.parse(broker.uri()), folder);
    } catch (EmbeddedBrokerException e) {
      return fail(LOST, e.getMessage());
    }
  }

  private int on(BrokerAddress broker, Path folder) throws InterruptedException {
    try {
      return RequestQueue.isInUse(broker)
          ? fail(
              IN_USE,
              "The demo would take requests that are not its own: the request queue at "
                  + broker
                  + " is consumed, or holds requests. Give the demo a virtual host of its own.")
          : demo(broker, folder);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      return fail(broker, e);
    }
  }

  private int demo(BrokerAddress broker, Path folder) throws InterruptedException {
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    ServiceSettings settings =
        new ServiceSettings(
            AmqpSettings.of(broker, "demo-" + UUID.randomUUID(), Duration.ofSeconds(60)),
            JdbcSettings.of("jdbc:h2:file:" + folder.resolve("database"), null, null),
            List.of(),
            Map.of(),
            false);
    try (WorkerManagerService service = new WorkerManagerService(settings, listener(ready))) {
      service.start();
      ready.get(1, TimeUnit.MINUTES);
      return new Demo(service, broker, spec.commandLine().getOut()).run(requests) ? 0 : LOST;
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      return fail(broker, e);
    } catch (ExecutionException e) {
      return fail(LOST, e.getCause().getMessage());
    } catch (IllegalStateException e) {
      return fail(LOST, "The demo cannot go on: " + e.getMessage());
    }
  }

  private int fail(BrokerAddress broker, Exception trouble) {
    return fail(
        LOST,
        "The demo cannot go on: broker at " + broker + ": " + AmqpErrors.describe(trouble) + ".");
  }

  private int fail(int code, String reason) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(reason);
    err.flush();
    return code;
  }

  private static ServiceListener listener(CompletableFuture<Boolean> ready) {
    return new ServiceListener() {
      @Override
      public void ready() {
        ready.complete(true);
      }

      @Override
      public void failed(String reason) {
        ready.completeExceptionally(new IllegalStateException(reason));
      }
    };
  }
}
