package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.workermanager.amqp.client.WorkRequest;
import org.workermanager.amqp.client.WorkResult;
import org.workermanager.amqp.client.Worker;
import org.workermanager.amqp.connection.BrokerAddress;

/** The README's worker in Java. */
final class UpperWorker {

  private UpperWorker() {}

  static Worker start(String amqpUri) {
    return Worker.start(
        BrokerAddress.parse(amqpUri), "Upper", Duration.ofSeconds(10), UpperWorker::work);
  }

  /** The same, that tells somebody what it works on. */
  static Worker start(String amqpUri, Consumer<WorkRequest> watching) {
    return Worker.start(
        BrokerAddress.parse(amqpUri),
        "Upper",
        Duration.ofSeconds(10),
        request -> {
          watching.accept(request);
          return work(request);
        });
  }

  private static WorkResult work(WorkRequest request) {
    String text = new String(request.content(), UTF_8);
    return WorkResult.success(text.toUpperCase(Locale.ROOT).getBytes(UTF_8));
  }
}
