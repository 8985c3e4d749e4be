package org.workermanager.amqp.wire;

import java.util.Locale;

/**
 * The names of exchanges, queues and headers, as the protocol gives them (PROTOCOL sections 1 to
 * 7).
 */
public final class WireNames {

  public static final String REQUEST_EXCHANGE =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.in.RequestEvent";
  public static final String REQUEST_QUEUE =
      "regards.broadcast.rs-worker-manager.fr.cnes.regards.modules.workermanager.service.flow.RequestHandler";
  public static final String RESPONSE_EXCHANGE =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";
  public static final String HEARTBEAT_EXCHANGE = "regards.worker.manager.heartbeat";
  public static final String REPLY_EXCHANGE = "regards.worker.manager.response";
  public static final String REPLY_QUEUE = "regards.worker.manager.response";

  /** The exchange and the queue of worker requests that failed. */
  public static final String REQUEST_DEAD_LETTERS = "regards.worker.manager.request.dlq";

  public static final String DEAD_LETTER_EXCHANGE = "regards.DLX";

  /** The queue of what cannot be processed, and the routing key that leads there. */
  public static final String DEAD_LETTER_QUEUE = "regards.DLQ";

  /** The literal routing key of messages to topic exchanges, and the binding of their queues. */
  public static final String ANY = "#";

  public static final String TENANT = "regards.tenant";
  public static final String REQUEST_ID = "regards.request.id";
  public static final String OWNER = "regards.request.owner";
  public static final String SESSION = "regards.request.session";
  public static final String CONTENT_TYPE = "regards.request.content_type";
  public static final String CONVERTER = "regards.converter";
  public static final String TYPE = "regards.type";
  public static final String WORKER_ID = "regards.worker_id";
  public static final String DISPATCH = "worker-manager.dispatch";
  public static final String ORIGIN = "worker-manager.origin";
  public static final String EXCEPTION_MESSAGE = "x-exception-message";
  public static final String EXCEPTION_STACKTRACE = "x-exception-stacktrace";
  public static final String ORIGINAL_EXCHANGE = "x-original-exchange";
  public static final String ORIGINAL_ROUTING_KEY = "x-original-routingKey";
  public static final String DEATH_QUEUE = "x-death-queue";

  /**
   * In place of a delivered message's headers that cannot be read: why. Never on the wire by our
   * doing.
   */
  public static final String UNREADABLE_HEADERS = "worker-manager.unreadable-headers";

  /** In place of a delivered message's body that is too large: its size in bytes. */
  public static final String DROPPED_BODY = "worker-manager.dropped-body";

  public static final String JSON = "application/json";

  private WireNames() {}

  /** The name of a worker type's request exchange, which is also that of its queue. */
  public static String workerRequests(String workerType) {
    return "regards.worker." + workerType.toLowerCase(Locale.ROOT) + ".request";
  }

  /** The queue on which this manager instance gets heartbeats. */
  public static String heartbeatQueue(String instance) {
    return HEARTBEAT_EXCHANGE + "." + instance;
  }
}
