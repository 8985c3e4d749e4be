package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;

/** Those of the hard cases that need a broker, each under its own name. */
abstract class HardCaseScenarios extends Scenarios {

  HardCaseScenarios(Stage stage) {
    super(stage);
  }

  private void serveWork() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
  }

  private void assertDone(String id, byte[] content) throws Exception {
    Message request = work("Work");
    assertEquals(id, request.header("regards.request.id"));
    assertEquals(content.length, request.body().length);
    peer.succeed(id, "done");
    peer.expect(id, "GRANTED", "SUCCESS");
  }

  @Test
  @DisplayName("9. A message of 0 bytes, of 20 MB, with headers that just fit a frame")
  void messagesOfEverySize() throws Exception {
    serveWork();
    for (int size : List.of(0, 1, 20_000_000)) {
      String id = id();
      byte[] content = new byte[size];
      peer.request(peer.headers(id, "work"), 0, content);
      assertDone(id, content);
    }
    // some brokers' frames take 64 KiB, and the manager adds headers of its own
    for (int size : List.of(50_000, 60_000)) {
      String id = id();
      Map<String, Object> headers = peer.headers(id, "work");
      headers.put("large", "h".repeat(size));
      peer.request(headers, 0, "x".getBytes(UTF_8));
      assertDone(id, new byte[1]);
    }
  }

  @Test
  @DisplayName("9. A message with headers of the wrong type, or U+0000 in any text")
  void headersOfTheWrongType() throws Exception {
    serveWork();
    for (Object wrong : List.of(1, true, new Date(0), List.of("x"), Map.of("x", "y"), "a\u0000b")) {
      for (String name : List.of("regards.request.owner", "regards.request.session")) {
        String id = id();
        Map<String, Object> headers = peer.headers(id, "work");
        headers.put(name, wrong);
        peer.request(headers, 0, "x".getBytes(UTF_8));
        assertTrue(peer.expect(id, "SKIPPED").firstMessage().contains(name));
      }
      Map<String, Object> nobody = peer.headers(id(), "work");
      nobody.put("regards.request.id", wrong);
      peer.request(nobody, 0, "kept".getBytes(UTF_8));
      assertEquals("kept", peer.setAside().text());
      String id = id();
      peer.request(id, "work", "x");
      assertDone(id, new byte[1]);
    }
  }

  @Test
  @DisplayName("9. A reply that is nearly JSON, nested ten thousand deep, or a 50 kB stack trace")
  void repliesThatAreNearlyJson() throws Exception {
    serveWork();
    String id = id();
    peer.request(id, "work", "x");
    work("Work");
    for (String body :
        List.of(
            "{\"status\":\"SUCCESS\"",
            "{\"status\":\"SUCCESS\",}",
            "{'status':'SUCCESS'}",
            "{\"status\":\"SUCCESS\",\"messages\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
            "\u0000")) {
      peer.reply(id, body);
      assertEquals(body, peer.setAside().text());
    }
    Map<String, Object> headers = peer.headers(id, "work");
    headers.put("x-exception-stacktrace", "at line\n".repeat(6_250));
    peer.deadLetter(headers, "x".getBytes(UTF_8));
    peer.expect(id, "GRANTED", "ERROR");
    peer.reply(id, "{\"status\":\"SUCCESS\",\"messages\":[\"a\\u0000b\"]}");
    peer.expect(id, "SUCCESS");
  }

  @Test
  @DisplayName("9. A worker's queue that refuses publishes: its requests wait, with back-off")
  void aWorkersQueueThatRefuses() throws Exception {
    assumeTrue(stage.onRabbitMq(), "the embedded broker has no queues that refuse");
    configure(List.of(worker("Full", "work", null)));
    peer.declareWorker(type("Full"), Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
    beat("Full");
    String id = id();
    peer.request(id, "work", "x");
    Message delayed = peer.expect(id, "GRANTED", "DELAYED");
    assertTrue(delayed.firstMessage().contains("full"), delayed.firstMessage());
    String second = id();
    peer.request(second, "work", "x");
    peer.expect(second, "DELAYED");
    peer.deleteQueue(type("Full"));
    declare("Full");
    assertEquals(id, work("Full").header("regards.request.id"));
    assertEquals(second, work("Full").header("regards.request.id"));
    for (String each : List.of(id, second)) {
      peer.succeed(each, "done");
    }
    assertEquals("SUCCESS", last(id));
    assertEquals("SUCCESS", last(second));
  }

  /** It may have been tried, and refused, once more before the queue was another. */
  private String last(String id) throws Exception {
    String state = peer.response(id).state();
    while (!state.equals("SUCCESS")) {
      assertTrue(List.of("GRANTED", "DELAYED").contains(state), state);
      state = peer.response(id).state();
    }
    return state;
  }

  @Test
  @DisplayName("11. A worker's queue exists with other arguments, or is deleted while consumed")
  void aQueueIsOtherwiseOrGone() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    peer.declareWorker(type("Work"), Map.of("x-max-length", 5));
    beat("Work");
    String first = id();
    peer.request(first, "work", "x");
    assertDone(first, new byte[1]);
    peer.deleteQueue(type("Work"));
    String second = id();
    peer.request(second, "work", "x");
    peer.awaitQueue(type("Work"));
    assertDone(second, new byte[1]);
  }
}
