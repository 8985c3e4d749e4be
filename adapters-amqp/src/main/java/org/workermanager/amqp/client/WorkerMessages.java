package org.workermanager.amqp.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.workermanager.amqp.wire.Delivery;
import org.workermanager.amqp.wire.JsonBody;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.WireNames;

/** What a worker reads and writes (PROTOCOL sections 3 to 5). */
final class WorkerMessages {

  private static final int PERSISTENT = 2;
  private static final int TRANSIENT = 1;

  /** The tenant of heartbeats: workers serve every one, and nobody looks at it. */
  private static final String ANY_TENANT = "worker";

  private WorkerMessages() {}

  static OutgoingMessage heartbeat(String instance, String workerType, Instant date) {
    ObjectNode body = JsonBody.object();
    body.put("id", instance).put("type", workerType).put("heartBeatDate", date.toString());
    Map<String, Object> headers =
        Map.of(WireNames.TENANT, ANY_TENANT, "content_type", WireNames.JSON);
    return message(WireNames.HEARTBEAT_EXCHANGE, headers, TRANSIENT, body);
  }

  static WorkRequest request(Delivery delivery) {
    Map<String, String> additional = new HashMap<>();
    delivery
        .headers()
        .forEach(
            (name, value) -> {
              boolean ours = name.startsWith("regards.") || name.equals(WireNames.DISPATCH);
              if (!ours && value instanceof LongString) {
                additional.put(name, value.toString());
              }
            });
    return new WorkRequest(
        delivery.text(WireNames.TENANT),
        delivery.text(WireNames.REQUEST_ID),
        delivery.text(WireNames.OWNER),
        delivery.text(WireNames.SESSION),
        delivery.text(WireNames.CONTENT_TYPE),
        delivery.body(),
        additional);
  }

  static OutgoingMessage running(Delivery request) {
    return reply(request, JsonBody.object().put("status", "RUNNING"));
  }

  static OutgoingMessage reply(Delivery request, WorkResult result) {
    ObjectNode body = JsonBody.object();
    if (result instanceof WorkResult.Success success) {
      body.put("status", "SUCCESS");
      if (success.content() != null) {
        body.put("content", success.content());
      }
      ObjectNode headers = body.putObject("additionalHeaders");
      success.additionalHeaders().forEach(headers::put);
    } else if (result instanceof WorkResult.Failure failure) {
      messages(body.put("status", "ERROR"), failure.messages());
    } else if (result instanceof WorkResult.InvalidContent invalid) {
      messages(body.put("status", "INVALID_CONTENT"), invalid.messages());
    }
    return reply(request, body);
  }

  private static void messages(ObjectNode body, List<String> messages) {
    messages.forEach(body.putArray("messages")::add);
  }

  /** Names the dispatch it answers, so that a late reply cannot pass for another one's. */
  private static OutgoingMessage reply(Delivery request, ObjectNode body) {
    Map<String, Object> headers = new HashMap<>();
    for (String header : List.of(WireNames.TENANT, WireNames.REQUEST_ID, WireNames.DISPATCH)) {
      if (request.text(header) != null) {
        headers.put(header, request.text(header));
      }
    }
    return message(WireNames.REPLY_EXCHANGE, headers, PERSISTENT, body);
  }

  private static OutgoingMessage message(
      String exchange, Map<String, Object> headers, int deliveryMode, ObjectNode body) {
    BasicProperties properties =
        new BasicProperties.Builder()
            .contentType(WireNames.JSON)
            .deliveryMode(deliveryMode)
            .headers(headers)
            .build();
    return new OutgoingMessage(exchange, WireNames.ANY, false, properties, JsonBody.write(body));
  }
}
