package org.workermanager.app.chaos;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** The protocol's names, written down here once more: so a change of ours would show. */
final class Wire {

  static final String VIRTUAL_HOST = "regards.multitenant.manager";
  static final String REQUESTS =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.in.RequestEvent";
  static final String RESPONSES =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";
  static final String HEARTBEATS = "regards.worker.manager.heartbeat";
  static final String REPLIES = "regards.worker.manager.response";
  static final String DEAD_LETTERS = "regards.DLQ";
  static final String ANY = "#";

  static final String TENANT = "regards.tenant";
  static final String REQUEST_ID = "regards.request.id";
  static final String OWNER = "regards.request.owner";
  static final String SESSION = "regards.request.session";
  static final String CONTENT_TYPE = "regards.request.content_type";
  static final String DISPATCH = "worker-manager.dispatch";

  private static final int PERSISTENT = 2;

  private Wire() {}

  /** A worker type's exchange, and its queue. */
  static String workerRequests(String workerType) {
    return "regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request";
  }

  /** As every worker does. */
  static void declareWorker(Channel channel, String workerType) throws IOException {
    String name = workerRequests(workerType);
    channel.exchangeDeclare(name, "topic", true);
    channel.queueDeclare(
        name,
        true,
        false,
        false,
        Map.of(
            "x-max-priority",
            255,
            "x-dead-letter-exchange",
            "regards.DLX",
            "x-dead-letter-routing-key",
            "regards.worker.manager.request.dlq"));
    channel.queueBind(name, name, ANY);
  }

  static BasicProperties persistent(Map<String, Object> headers, int priority) {
    return new BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .priority(priority)
        .contentType("application/json")
        .headers(headers)
        .build();
  }
}
