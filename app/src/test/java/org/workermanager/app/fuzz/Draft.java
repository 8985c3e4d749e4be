package org.workermanager.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** A message before it is published, good until somebody mutates it. */
final class Draft {

  static final String TENANT = "fuzz";
  static final String CONTENT_TYPE = "fuzzed";
  static final String SKIPPED_TYPE = "unwanted";

  /** Of all workers there are. */
  static final String WORKER = "Fuzzer";

  static final String REQUESTS =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.in.RequestEvent";
  static final String REQUEST_QUEUE =
      "regards.broadcast.rs-worker-manager.fr.cnes.regards.modules.workermanager.service.flow.RequestHandler";
  static final String REPLIES = "regards.worker.manager.response";
  static final String BEATS = "regards.worker.manager.heartbeat";
  static final String LETTERS = "regards.worker.manager.request.dlq";

  String exchange;
  String routingKey;
  final Map<String, Object> headers = new HashMap<>();
  final BasicProperties.Builder properties = new BasicProperties.Builder();
  byte[] body;

  /** Whether nothing more fits into the frame of its headers. */
  boolean isFull;

  /** Whether nothing of it that says whose it is can be read by anybody. */
  boolean isAnonymous;

  /** Whether it is to name the dispatch that it answers. */
  boolean echoes;

  private Draft(String id, String exchange, String routingKey, String body) {
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.body = body.getBytes(UTF_8);
    headers.put("regards.tenant", TENANT);
    properties.messageId(id).deliveryMode(2);
  }

  static Draft request(String id) {
    Draft draft = new Draft(id, REQUESTS, "", id + " to be worked on");
    draft.nameRequest(id);
    return draft;
  }

  private void nameRequest(String id) {
    headers.put("regards.request.id", id);
    headers.put("regards.request.owner", "owner");
    headers.put("regards.request.session", "session");
    headers.put("regards.request.content_type", CONTENT_TYPE);
  }

  /** A worker succeeded on this request, with the id of the case as the content. */
  static Draft reply(String id, String requestId) {
    String content = Base64.getEncoder().encodeToString(id.getBytes(UTF_8));
    Draft draft =
        new Draft(
            id,
            REPLIES,
            "#",
            "{\"status\":\"SUCCESS\",\"messages\":[\"%s\"],\"content\":\"%s\"}"
                .formatted(id, content));
    draft.headers.put("regards.request.id", requestId);
    return draft;
  }

  /** An instance of this name beats. */
  static Draft beat(String id) {
    Draft draft =
        new Draft(
            id,
            BEATS,
            "#",
            "{\"id\":\"%s\",\"type\":\"%s\",\"heartBeatDate\":\"%s\"}"
                .formatted(id, WORKER, Instant.now()));
    draft.headers.put("content_type", "application/json");
    return draft;
  }

  /** A worker could not take this request. */
  static Draft letter(String id, String requestId) {
    Draft draft = new Draft(id, LETTERS, "", id + " to be worked on");
    draft.nameRequest(requestId);
    draft.headers.put("x-exception-stacktrace", "at line 1");
    return draft;
  }

  String text() {
    return new String(body, UTF_8);
  }

  void text(String text) {
    body = text.getBytes(UTF_8);
  }

  /** Puts this in place of that in the body, which has it. */
  void replace(String part, String by) {
    if (!text().contains(part)) {
      throw new IllegalArgumentException("No " + part + " in " + text());
    }
    text(text().replace(part, by));
  }

  /** Adds headers until so many bytes are left in the frame that they travel in. */
  void fill(int frameMax, int left) {
    int room = frameMax - left - frameSize();
    for (int i = 0; room > 0; i++) {
      int size = Math.min(room, 15_000);
      // without what the name, the type and the length take
      headers.put("fill" + i % 10, "f".repeat(Math.max(0, size - 11)));
      room -= size;
    }
    isFull = true;
  }

  /** The bytes of the frame that the headers and properties travel in. */
  int frameSize() {
    try {
      return build().toFrame(1, 0).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BasicProperties build() {
    return new WireProperties(properties.headers(headers).build());
  }
}
