package org.workermanager.amqp.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.response.Response;

/**
 * Writes requests to workers and responses to requesters (PROTOCOL sections 3 and 7). Thread-safe.
 */
public final class MessageWriter {

  private static final int PERSISTENT = 2;
  private static final int RESPONSE_PRIORITY = 1;
  private static final String RESPONSE_TYPE =
      "fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";

  private final String appId;
  private final InstantSource clock;

  /**
   * @param appId the {@code app_id} property of what is written
   */
  public MessageWriter(String appId, InstantSource clock) {
    this.appId = appId;
    this.clock = clock;
  }

  /** A request for the worker type it is dispatched to. */
  public OutgoingMessage dispatch(HeldRequest held) {
    Request request = held.request();
    Map<String, Object> headers = new HashMap<>(request.state().additionalHeaders());
    headers.put(WireNames.TENANT, request.key().tenant());
    headers.put(WireNames.REQUEST_ID, request.key().requestId());
    headers.put(WireNames.OWNER, request.source());
    headers.put(WireNames.SESSION, request.session());
    headers.put(WireNames.CONTENT_TYPE, request.contentType());
    headers.put(WireNames.DISPATCH, request.state().dispatch().toString());
    BasicProperties properties = properties(headers).priority(request.priority()).build();
    String exchange = WireNames.workerRequests(request.state().workerType());
    return new OutgoingMessage(exchange, WireNames.ANY, true, properties, held.content().bytes());
  }

  /** A response; those who want it have bound their queues. */
  public OutgoingMessage response(Response response) {
    Map<String, Object> headers = new HashMap<>();
    headers.put(WireNames.TENANT, response.key().tenant());
    headers.put(WireNames.REQUEST_ID, response.key().requestId());
    headers.put(WireNames.OWNER, response.source());
    headers.put(WireNames.SESSION, response.session());
    headers.put(WireNames.CONTENT_TYPE, response.contentType());
    headers.put(WireNames.CONVERTER, "GSON");
    headers.put(WireNames.TYPE, RESPONSE_TYPE);
    headers.put(WireNames.WORKER_ID, response.workerType());
    headers.values().removeIf(value -> value == null);
    BasicProperties properties =
        properties(headers).contentEncoding("UTF-8").priority(RESPONSE_PRIORITY).build();
    return new OutgoingMessage(WireNames.RESPONSE_EXCHANGE, "", false, properties, body(response));
  }

  private static byte[] body(Response response) {
    ObjectNode body = JsonBody.object();
    body.put("state", response.state().name());
    ArrayNode messages = body.putArray("messages");
    response.messages().forEach(messages::add);
    body.put("requestId", response.key().requestId());
    if (response.content() != null) {
      body.put("content", response.content().bytes());
    }
    body.put("type", "EXTRACTION");
    if (response.source() != null) {
      body.put("requestOwner", response.source());
    }
    return JsonBody.write(body);
  }

  private BasicProperties.Builder properties(Map<String, Object> headers) {
    return new BasicProperties.Builder()
        .appId(appId)
        .contentType(WireNames.JSON)
        .deliveryMode(PERSISTENT)
        .timestamp(Date.from(clock.instant()))
        .headers(headers);
  }
}
