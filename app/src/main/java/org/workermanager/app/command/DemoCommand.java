package org.workermanager.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.demo.Demo;
import org.workermanager.app.embedded.EmbeddedBrokers;
import org.workermanager.app.service.ServiceListener;
import org.workermanager.app.service.ServiceSettings;
import org.workermanager.app.service.WorkerManagerService;
import org.workermanager.jdbc.JdbcSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  private static final String EMBEDDED = "embedded";
  private static final int LOST = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "600",
      description = "How many requests to submit (default: 600).")
  private int requests;

  @Option(
      names = "--amqp-uri",
      paramLabel = "URI",
      defaultValue = EMBEDDED,
      description =
          "The broker: amqp://user:password@host:5672/virtual-host, or 'embedded' (default).")
  private String amqpUri;

  @Override
  public Integer call() throws IOException, InterruptedException, TimeoutException {
    if (requests < 1) {
      throw new ParameterException(
          spec.commandLine(), "--requests must be 1 or more, not " + requests);
    }
    BrokerAddress given = amqpUri.equals(EMBEDDED) ? null : parse();
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("worker-manager-demo");
    try {
      if (given != null) {
        return demo(given, folder, out);
      }
      try (EmbeddedBroker embedded =
          EmbeddedBrokers.start(0, BrokerAddress.DEFAULT_VIRTUAL_HOST, folder.resolve("broker"))) {
        return demo(BrokerAddress.parse(embedded.uri()), folder, out);
      }
    } finally {
      delete(folder);
    }
  }

  private BrokerAddress parse() {
    try {
      return BrokerAddress.parse(amqpUri);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--amqp-uri " + e.getMessage(), e);
    }
  }

  private int demo(BrokerAddress broker, Path folder, PrintWriter out)
      throws IOException, InterruptedException, TimeoutException {
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
      return new Demo(service, broker, out).run(requests) ? 0 : LOST;
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      out.println(
          "The demo cannot go on: "
              + (e.getMessage() == null ? "the broker does not answer" : e.getMessage()));
      out.flush();
      return LOST;
    }
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

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(DemoCommand::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
