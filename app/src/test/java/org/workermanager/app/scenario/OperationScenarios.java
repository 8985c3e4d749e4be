package org.workermanager.app.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;
import static org.workermanager.app.scenario.OperatorClient.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;

/** Retry, delete, pause and resume, as operators ask for it over HTTP (PROTOCOL section 8). */
abstract class OperationScenarios extends Scenarios {

  private static final String ERROR = "{\"status\":\"ERROR\",\"messages\":[\"why\"]}";
  private static final String SUCCESS = "{\"status\":\"SUCCESS\",\"content\":\"eA==\"}";

  OperationScenarios(Stage stage) {
    super(stage);
  }

  /** A request that its worker took. */
  private String taken(String contentType, String name) throws Exception {
    String id = id();
    peer.request(id, contentType, "of " + id);
    peer.expect(id, "GRANTED");
    assertEquals(id, work(name).header("regards.request.id"));
    return id;
  }

  private String failed(String contentType, String name) throws Exception {
    String id = taken(contentType, name);
    peer.reply(id, ERROR);
    peer.expect(id, "ERROR");
    return id;
  }

  /** Asserts what a report says: done, waiting and refused. */
  private static void assertReport(JsonNode report, long done, long waiting, long refused) {
    assertEquals(
        "%d done, %d waiting, %d refused of %d"
            .formatted(done, waiting, refused, done + waiting + refused),
        "%s done, %s waiting, %s refused of %s"
            .formatted(
                report.path("done"),
                report.path("waiting"),
                report.path("refused"),
                report.path("matched")));
  }

  /** Replies are taken in order: once this one is, so are all before it. */
  private void awaitReplies(String name, String contentType) throws Exception {
    String id = taken(contentType, name);
    peer.succeed(id, "x");
    peer.expect(id, "SUCCESS");
  }

  @Test
  void aRetriedRequestGoesToItsWorkerAgain() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String id = failed("work", "Work");
    assertReport(operator().done(operator().retry("{}")), 1, 0, 0);
    peer.expect(id, "GRANTED");
    assertEquals("DISPATCHED", operator().status(id));
    Message again = work("Work");
    assertEquals("of " + id, again.text());
    peer.succeed(id, "at last");
    assertEquals("at last", text(peer.expect(id, "SUCCESS").content()));
    assertEquals(0, operator().count("{}"));
  }

  @Test
  void aRetriedWorkflowGoesOnWithTheFailedStepsContent() throws Exception {
    configure(
        List.of(worker("A", "a", "b"), worker("B", "b", null)), flow(step(1, "A"), step(2, "B")));
    alive("A", "B");
    String id = taken("flow", "A");
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"Ynk=\",\"additionalHeaders\":{\"colour\":\"red\"}}");
    peer.expect(id, "GRANTED");
    assertEquals("by", work("B").text());
    peer.reply(id, ERROR);
    peer.expect(id, "ERROR");
    operator().done(operator().retry("{\"source\": \"own\"}"));
    peer.expect(id, "GRANTED");
    Message again = work("B");
    assertEquals("by", again.text());
    assertEquals("red", again.header("colour"));
    assertEquals("flow", again.header("regards.request.content_type"));
    peer.succeed(id, "end");
    assertEquals("end", text(peer.expect(id, "SUCCESS").content()));
    assertEquals(0, peer.waitingFor(type("A")));
  }

  @Test
  void aRequestThatIsRetriedWithoutAWorkerWaitsForOne() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String id = failed("work", "Work");
    configure(List.of(worker("Other", "work", null)));
    assertReport(operator().done(operator().retry("{}")), 0, 1, 0);
    peer.expect(id, "DELAYED");
    assertTrue(operator().show(id).path("error").asText().contains(type("Other")));
    // it waits as before: nobody has to be told again
    assertReport(operator().done(operator().retry("{}")), 0, 1, 0);
    alive("Other");
    peer.expect(id, "GRANTED");
    assertEquals("of " + id, work("Other").text());
    peer.succeed(id, "x");
    peer.expect(id, "SUCCESS");
  }

  @Test
  void onlyWhatTheFilterFindsIsRetriedOrDeleted() throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Other", "other", null)));
    alive("Work", "Other");
    String work = failed("work", "Work");
    String other = failed("other", "Other");
    String filter = "{\"contentTypes\": {\"values\": [\"other\"], \"mode\": \"%s\"}}";
    assertReport(operator().done(operator().retry(filter.formatted("INCLUDE"))), 1, 0, 0);
    peer.expect(other, "GRANTED");
    assertEquals("ERROR", operator().status(work));
    assertReport(operator().done(operator().delete(filter.formatted("EXCLUDE"))), 1, 0, 0);
    assertEquals(Set.of(other), operator().search("{}"));
    assertReport(operator().done(operator().delete(filter.formatted("EXCLUDE"))), 0, 0, 0);
  }

  @Test
  void anAnswerToADeletedRequestIsDroppedAndItsIdIsFree() throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Seen", "seen", null)));
    alive("Work", "Seen");
    String id = failed("work", "Work");
    assertReport(operator().done(operator().delete("{}")), 1, 0, 0);
    assertProblem(404, operator().call("GET", "/requests/" + id));
    peer.succeed(id, "too late");
    peer.reply(id, ERROR);
    awaitReplies("Seen", "seen");
    assertEquals(List.of(), peer.heard(id));

    peer.request(id, "work", "anew");
    peer.expect(id, "GRANTED");
    assertEquals("anew", work("Work").text());
    peer.succeed(id, "new");
    assertEquals("new", text(peer.expect(id, "SUCCESS").content()));
  }

  @Test
  void whatIsWithAWorkerIsOnlyTouchedAtAnAgeThatIsNamed() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String sent = taken("work", "Work");
    String running = taken("work", "Work");
    peer.reply(running, "{\"status\":\"RUNNING\"}");
    operator().awaitStatus(running, "RUNNING");
    String filter = "{\"statuses\": {\"values\": [\"%s\"], \"mode\": \"INCLUDE\"}%s}";
    for (String status : List.of("DISPATCHED", "RUNNING")) {
      JsonNode problem =
          assertProblem(
                  400, operator().call("POST", "/requests/retry", filter.formatted(status, "")))
              .json();
      assertTrue(problem.path("detail").asText().contains("minimum age"), problem.toString());
      assertProblem(
          400, operator().call("DELETE", "/requests/delete", filter.formatted(status, "")));
      String old = filter.formatted(status, ",\"minimumAge\":\"PT1H\"");
      assertReport(operator().done(operator().retry(old)), 0, 0, 0);
      assertReport(operator().done(operator().delete(old)), 0, 0, 0);
    }
    assertReport(operator().done(operator().retry("{}")), 0, 0, 0);
    assertEquals(0, peer.waitingFor(type("Work")));

    String young = ",\"minimumAge\":\"PT0.001S\"";
    assertReport(operator().done(operator().retry(filter.formatted("DISPATCHED", young))), 1, 0, 0);
    peer.expect(sent, "GRANTED");
    assertEquals("of " + sent, work("Work").text());
    assertReport(operator().done(operator().delete(filter.formatted("RUNNING", young))), 1, 0, 0);
    assertEquals(Set.of(sent), operator().search("{}"));
  }

  /** A worker type, alive, and so many requests that it answered with errors. */
  private List<String> manyFailed(int count) throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Seen", "seen", null)));
    alive("Work", "Seen");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "%s %04d".formatted(tenant(), i);
      ids.add(id);
      peer.requestUnconfirmed(id, "work", "of " + id);
    }
    for (String id : ids) {
      peer.expect(id, "GRANTED");
    }
    for (String id : ids) {
      peer.replyUnconfirmed(id, ERROR);
    }
    for (String id : ids) {
      peer.expect(id, "ERROR");
    }
    return ids;
  }

  @Test
  void thousandsAreFoundRetriedAndDeletedPageByPage() throws Exception {
    List<String> ids = manyFailed(2_100);
    Set<String> found = new TreeSet<>();
    for (int page = 0; page < 3; page++) {
      operator()
          .post("/requests?size=1000&sort=requestId,desc&page=" + page, "{}")
          .path("content")
          .forEach(each -> found.add(OperatorClient.requestId(each)));
    }
    assertEquals(new TreeSet<>(ids), found);
    // the first dispatches are still there: the worker answered without taking them
    peer.awaitWaiting(type("Work"), ids.size());
    assertReport(operator().done(operator().retry("{}")), ids.size(), 0, 0);
    peer.awaitWaiting(type("Work"), 2 * ids.size());
    for (String id : ids) {
      assertEquals(List.of("GRANTED"), peer.heard(id));
    }
    String sent =
        "{\"statuses\":{\"values\":[\"DISPATCHED\"],\"mode\":\"INCLUDE\"},\"minimumAge\":\"PT0.001S\"}";
    assertReport(operator().done(operator().delete(sent)), ids.size(), 0, 0);
    assertEquals(0, operator().count("{}"));
  }

  /**
   * Begins an operation while somebody replies to its requests, the last first; returns what came
   * of it when all is done and said.
   *
   * @param reply to the request of this index
   */
  private JsonNode whileReplied(
      List<String> ids, IntFunction<String> reply, Callable<String> operation) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (Peer late = new Peer(stage.broker(), tenant())) {
      FutureTask<Void> answering =
          new FutureTask<>(
              () -> {
                begun.await();
                for (int i = ids.size() - 1; i >= 0; i--) {
                  late.replyUnconfirmed(ids.get(i), reply.apply(i));
                }
                return null;
              });
      new Thread(answering).start();
      String id = operation.call();
      begun.countDown();
      JsonNode report = operator().done(id);
      answering.get();
      assertHonest(report, ids.size());
      awaitReplies("Seen", "seen");
      return report;
    }
  }

  @Test
  void repliesMayArriveWhileTheirRequestsAreRetried() throws Exception {
    List<String> ids = manyFailed(1_200);
    Set<String> worked = ConcurrentHashMap.newKeySet();
    peer.work(
        type("Work"),
        request -> {
          String id = request.header("regards.request.id");
          // what was sent before the retry comes first: its second answer, and the retry's first
          return worked.add(id) ? null : SUCCESS;
        });
    await("the first dispatches to be taken").until(() -> worked.size() == ids.size());
    whileReplied(
        ids,
        i -> i % 3 == 0 ? SUCCESS : i % 3 == 1 ? ERROR : "{\"status\":\"RUNNING\"}",
        () -> operator().retry("{}"));
    settle(ids);
  }

  @Test
  void repliesMayArriveWhileTheirRequestsAreDeleted() throws Exception {
    List<String> ids = manyFailed(1_200);
    JsonNode report =
        whileReplied(ids, i -> i % 2 == 0 ? SUCCESS : ERROR, () -> operator().delete("{}"));
    long answered = ids.stream().filter(id -> peer.heard(id).contains("SUCCESS")).count();
    long deleted = report.path("done").asLong();
    assertTrue(answered + deleted <= ids.size(), answered + " answered, " + deleted + " deleted");
    // what is left has an error, and can be deleted
    for (String id : operator().search("{}")) {
      assertFalse(peer.heard(id).contains("SUCCESS"), id + " is held though it succeeded");
    }
    assertEquals(ids.size(), answered + deleted + operator().count("{}"));
    operator().done(operator().delete("{}"));
    assertEquals(0, operator().count("{}"));
  }

  /** What a report says adds up, and each refusal that it names says why. */
  private static void assertHonest(JsonNode report, int requests) {
    long told =
        report.path("done").asLong()
            + report.path("waiting").asLong()
            + report.path("refused").asLong();
    assertTrue(told <= report.path("matched").asLong(), report.toString());
    assertTrue(report.path("matched").asLong() <= requests, report.toString());
    assertEquals(Math.min(100, report.path("refused").asInt()), report.path("refusals").size());
    for (JsonNode refusal : report.path("refusals")) {
      assertFalse(refusal.path("requestId").asText().isBlank(), refusal.toString());
      assertTrue(refusal.path("reason").asText().contains("gone on"), refusal.toString());
    }
  }

  /** Waits until all these are answered with success, retrying what failed meanwhile. */
  private void settle(List<String> ids) throws Exception {
    await("all to be answered")
        .until(
            () -> {
              operator().done(operator().retry("{}"));
              return operator().count("{}") == 0;
            });
    for (String id : ids) {
      List<String> heard = peer.heard(id);
      assertTrue(heard.contains("SUCCESS"), id + ": " + heard);
      assertEquals("SUCCESS", heard.get(heard.size() - 1), id + ": " + heard);
    }
  }

  @Test
  void operationsAreListedByTenant() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    String retry = operator().retry("{}");
    operator().done(retry);
    String delete = operator().delete("{}");
    operator().done(delete);
    List<String> listed = new ArrayList<>();
    operator()
        .get("/operations")
        .json()
        .forEach(each -> listed.add(each.path("kind").asText() + each.path("id").asText()));
    assertEquals(List.of("DELETE" + delete, "RETRY" + retry), listed);
    assertProblem(404, operator().call("GET", "/operations/" + id()));
  }

  @Test
  void whileAWorkerTypeIsPausedItsRequestsWaitAndSayWhy() throws Exception {
    configure(List.of(worker("Work", "work", null), worker("Other", "other", null)));
    alive("Work", "Other");
    operator().change("POST", "/worker-types/" + type("Work") + "/pause");
    assertTrue(operator().workerType(type("Work")).path("paused").asBoolean());
    Map<String, String> waiting = new ConcurrentHashMap<>();
    for (int i = 0; i < 3; i++) {
      String id = id();
      peer.request(id, "work", "of " + id);
      Message delayed = peer.expect(id, "DELAYED");
      assertTrue(delayed.firstMessage().contains("paused"), delayed.firstMessage());
      waiting.put(id, "of " + id);
    }
    String first = waiting.keySet().iterator().next();
    assertTrue(operator().show(first).path("error").asText().contains("paused"));
    // a heartbeat, a retry and what goes on elsewhere change nothing
    beat("Work");
    assertReport(operator().done(operator().retry("{}")), 0, 3, 0);
    taken("other", "Other");
    assertEquals(0, peer.waitingFor(type("Work")));

    operator().change("POST", "/worker-types/" + type("Work") + "/resume");
    assertFalse(operator().workerType(type("Work")).path("paused").asBoolean());
    for (String id : waiting.keySet()) {
      peer.expect(id, "GRANTED");
    }
    for (int i = 0; i < 3; i++) {
      Message request = work("Work");
      assertEquals(waiting.remove(request.header("regards.request.id")), request.text());
    }
  }

  @Test
  void whatAPausedWorkerTypeHasTakenIsAnswered() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String id = taken("work", "Work");
    operator().change("POST", "/worker-types/" + type("Work") + "/pause");
    peer.succeed(id, "x");
    peer.expect(id, "SUCCESS");
    operator().change("POST", "/worker-types/" + type("Work") + "/resume");
  }
}
