package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Locale;
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

  private static WorkResult work(WorkRequest request) {
    String text = new String(request.content(), UTF_8);
    return WorkResult.success(text.toUpperCase(Locale.ROOT).getBytes(UTF_8));
  }
}
