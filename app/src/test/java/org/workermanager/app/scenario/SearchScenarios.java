package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.scenario.OperatorClient.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What operators find over HTTP (PROTOCOL sections 8 and 10). */
abstract class SearchScenarios extends Scenarios {

  SearchScenarios(Stage stage) {
    super(stage);
  }

  private String submit(String id, String contentType, String source, String session)
      throws Exception {
    Map<String, Object> headers = peer.headers(id, contentType);
    headers.put("regards.request.owner", source);
    headers.put("regards.request.session", session);
    peer.request(headers, 0, ("of " + id).getBytes(UTF_8));
    return id;
  }

  /** Three requests, in three states, and different in everything that can be filtered. */
  private void submitThree() throws Exception {
    configure(List.of(worker("A", "images/raw", null), worker("B", "Texts", null)));
    alive("A", "B");
    submit("1 failed", "images/raw", "alice", "monday 1");
    peer.expect("1 failed", "GRANTED");
    peer.reply("1 failed", "{\"status\":\"ERROR\",\"messages\":[\"why\"]}");
    peer.expect("1 failed", "ERROR");
    submit("2 sent", "Texts", "bob_x", "monday 2");
    peer.expect("2 sent", "GRANTED");
    submit("3 waits", "other", "bob%x", "tuesday");
    peer.expect("3 waits", "DELAYED");
  }

  private void assertFinds(String filter, String... ids) throws Exception {
    assertEquals(new TreeSet<>(Set.of(ids)), operator().search(filter), filter);
  }

  @Test
  void everyFilterFindsWhatItSays() throws Exception {
    submitThree();
    String failed = "1 failed";
    String sent = "2 sent";
    String waits = "3 waits";
    long id = operator().show(sent).path("id").asLong();
    Instant created = Instant.parse(operator().show(sent).path("creationDate").asText());
    assertFinds("{}", failed, sent, waits);
    assertFinds("{\"source\": \"ob\"}", sent, waits);
    assertFinds("{\"source\": \"b_x\"}", sent);
    assertFinds("{\"source\": \"b%\"}", waits);
    assertFinds("{\"source\": \"Bob\"}");
    assertFinds("{\"session\": \"monday\"}", failed, sent);
    assertFinds("{\"session\": \"monday\", \"source\": \"alice\"}", failed);
    assertFinds("{\"dispatchedWorkerType\": \"%s\"}".formatted(type("A")), failed);
    assertFinds("{\"dispatchedWorkerType\": \"-\"}", failed, sent);
    assertFinds("{\"statuses\": {\"values\": [\"ERROR\"], \"mode\": \"INCLUDE\"}}", failed);
    assertFinds("{\"statuses\": {\"values\": [\"ERROR\"], \"mode\": \"EXCLUDE\"}}", sent, waits);
    assertFinds("{\"statuses\": {\"values\": [], \"mode\": \"INCLUDE\"}}");
    assertFinds("{\"ids\": {\"values\": [%d], \"mode\": \"INCLUDE\"}}".formatted(id), sent);
    assertFinds(
        "{\"ids\": {\"values\": [%d], \"mode\": \"EXCLUDE\"}}".formatted(id), failed, waits);
    assertFinds(
        "{\"creationDate\": {\"after\": \"%s\"}}".formatted(created.plusNanos(1000)), waits);
    assertFinds(
        "{\"creationDate\": {\"before\": \"%s\"}}".formatted(created.minusNanos(1000)), failed);
    assertFinds("{\"minimumAge\": \"PT1H\"}");
    String types = "{\"contentTypes\": {\"values\": [\"%s\"], \"mode\": \"%s\"%s}}";
    assertFinds(types.formatted("Texts", "INCLUDE", ""), sent);
    assertFinds(types.formatted("texts", "INCLUDE", ""));
    assertFinds(types.formatted("texts", "INCLUDE", ", \"ignoreCase\": true"), sent);
    assertFinds(types.formatted("Texts", "EXCLUDE", ""), failed, waits);
    assertFinds(types.formatted("images", "INCLUDE", ", \"matchMode\": \"STARTS_WITH\""), failed);
    assertFinds(types.formatted("raw", "INCLUDE", ", \"matchMode\": \"ENDS_WITH\""), failed);
    assertFinds(
        types.formatted("e", "INCLUDE", ", \"matchMode\": \"CONTAINS\""), failed, sent, waits);
    assertFinds(types.formatted("T", "EXCLUDE", ", \"matchMode\": \"STARTS_WITH\""), failed, waits);
  }

  @Test
  void aMistypedFilterIsRefusedByTheNameOfItsField() throws Exception {
    submitThree();
    Map<String, String> faults =
        Map.of(
            "{\"sources\": \"a\"}", "sources",
            "{\"statuses\": {\"values\": [\"FAILED\"], \"mode\": \"INCLUDE\"}}", "statuses.values",
            "{\"statuses\": {\"values\": [\"ERROR\"]}}", "statuses.mode",
            "{\"ids\": {\"values\": [\"1\"], \"mode\": \"INCLUDE\"}}", "ids.values",
            "{\"creationDate\": {\"after\": \"yesterday\"}}", "creationDate.after",
            "{\"minimumAge\": \"10 minutes\"}", "minimumAge");
    for (Map.Entry<String, String> fault : faults.entrySet()) {
      for (String path : List.of("/requests", "/requests/counts", "/requests/retry")) {
        JsonNode problem = assertProblem(400, operator().call("POST", path, fault.getKey())).json();
        assertTrue(problem.path("detail").asText().contains(fault.getValue()), problem.toString());
      }
      assertProblem(400, operator().call("DELETE", "/requests/delete", fault.getKey()));
    }
    assertEquals(3, operator().count("{}"));
  }

  @Test
  void pagesTogetherHaveEachRequestOnceInAnOrderThatStays() throws Exception {
    List<String> submitted = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      submitted.add(submit("request " + (i * 7) % 30, "type", "source " + i % 3, "same"));
    }
    for (String id : submitted) {
      peer.expect(id, "DELAYED");
    }
    List<String> bySource = new ArrayList<>(submitted);
    bySource.sort((one, other) -> source(submitted, other).compareTo(source(submitted, one)));
    assertEquals(submitted, pages("&sort=session,asc"));
    assertEquals(submitted, pages(""));
    assertEquals(bySource, pages("&sort=source,desc"));
    List<String> byName = new ArrayList<>(submitted);
    byName.sort(null);
    assertEquals(byName, pages("&sort=status&sort=requestId,asc"));
    assertProblem(400, operator().call("POST", "/requests?sort=colour,asc", "{}"));
    assertProblem(400, operator().call("POST", "/requests?size=1001", "{}"));
  }

  private static String source(List<String> submitted, String id) {
    return "source " + submitted.indexOf(id) % 3;
  }

  /** All pages of seven, in this order. */
  private List<String> pages(String sort) throws Exception {
    List<String> found = new ArrayList<>();
    for (int number = 0; number < 5; number++) {
      JsonNode page = operator().post("/requests?size=7&page=" + number + sort, "{}");
      page.path("content").forEach(each -> found.add(OperatorClient.requestId(each)));
      JsonNode metadata = page.path("metadata");
      assertEquals(
          "7 %d 30 5".formatted(number),
          "%s %s %s %s"
              .formatted(
                  metadata.path("size"),
                  metadata.path("number"),
                  metadata.path("totalElements"),
                  metadata.path("totalPages")));
    }
    assertEquals(0, operator().post("/requests?size=7&page=5" + sort, "{}").path("content").size());
    return found;
  }

  @Test
  void oneRequestIsShownInFullInALaterStepOfAWorkflow() throws Exception {
    configure(
        List.of(worker("A", "a", "b"), worker("B", "b", null)), flow(step(10, "A"), step(20, "B")));
    alive("A", "B");
    String id = "a/b c?é " + id();
    peer.request(peer.headers(id, "flow"), 3, new byte[] {0, 1, (byte) 255});
    peer.expect(id, "GRANTED");
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"Ynk=\",\"additionalHeaders\":{\"colour\":\"red\"}}");
    peer.expect(id, "GRANTED");
    peer.reply(id, "{\"status\":\"INVALID_CONTENT\",\"messages\":[\"too\",\"red\"]}");
    peer.expect(id, "INVALID_CONTENT");

    JsonNode shown = operator().show(id);
    assertEquals(id, shown.path("requestId").asText());
    assertEquals("flow", shown.path("contentType").asText());
    assertEquals("owner", shown.path("source").asText());
    assertEquals("session", shown.path("session").asText());
    assertEquals("INVALID_CONTENT", shown.path("status").asText());
    assertEquals(type("B"), shown.path("dispatchedWorkerType").asText());
    assertEquals("too\nred", shown.path("error").asText());
    assertEquals(3, shown.path("priority").asInt());
    assertEquals(20, shown.path("step").asInt());
    assertEquals(2, shown.path("contentSize").asInt());
    assertEquals("{\"colour\":\"red\"}", shown.path("additionalHeaders").toString());
    String address = "/requests/" + OperatorClient.encoded(id);
    assertEquals("by", operator().get(address + "/content").text());
    byte[] original = operator().get(address + "/original-content").body();
    assertEquals(
        List.of(0, 1, 255), List.of((int) original[0], (int) original[1], original[2] & 255));
    List<String> history = new ArrayList<>();
    shown
        .path("history")
        .forEach(each -> history.add(each.path("status").asText() + " " + each.path("step")));
    assertEquals(List.of("DISPATCHED 10", "DISPATCHED 20", "INVALID_CONTENT 20"), history);
    assertProblem(404, operator().call("GET", "/requests/no-such"));
    assertProblem(404, operator().call("GET", "/requests/no-such/content"));
  }

  @Test
  void requestsAreCountedByStatusWorkerTypeAndSession() throws Exception {
    submitThree();
    JsonNode counts = operator().post("/requests/counts", "{}");
    assertEquals(
        "{\"DISPATCHED\":1,\"NO_WORKER_AVAILABLE\":1,\"ERROR\":1}",
        counts.path("byStatus").toString());
    assertEquals("{\"ERROR\":1}", counts.path("byWorkerType").path(type("A")).toString());
    assertEquals("{\"DISPATCHED\":1}", counts.path("byWorkerType").path(type("B")).toString());
    List<String> sessions = new ArrayList<>();
    counts
        .path("bySession")
        .forEach(
            each ->
                sessions.add(
                    each.path("source").asText()
                        + "/"
                        + each.path("session").asText()
                        + each.path("byStatus")));
    sessions.sort(null);
    assertEquals(
        List.of(
            "alice/monday 1{\"ERROR\":1}",
            "bob%x/tuesday{\"NO_WORKER_AVAILABLE\":1}",
            "bob_x/monday 2{\"DISPATCHED\":1}"),
        sessions);
    JsonNode some = operator().post("/requests/counts", "{\"source\": \"alice\"}");
    assertEquals("{\"ERROR\":1}", some.path("byStatus").toString());
    assertFalse(some.path("byWorkerType").has(type("B")));
  }
}
