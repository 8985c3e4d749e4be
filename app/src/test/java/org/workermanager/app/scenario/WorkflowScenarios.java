package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;
import org.workermanager.domain.routing.WorkerConfiguration;

/** Requests that go from worker to worker (PROTOCOL sections 3 and 5). */
abstract class WorkflowScenarios extends Scenarios {

  WorkflowScenarios(Stage stage) {
    super(stage);
  }

  /** What A makes B takes, and what B makes C takes. */
  private List<WorkerConfiguration> workers() {
    return List.of(worker("A", "a", "b"), worker("B", "b", "c"), worker("C", "c", null));
  }

  private void configureThreeSteps() {
    configure(workers(), flow(step(20, "B"), step(5, "A"), step(1_000, "C")));
  }

  private void assertHeld(String id) throws Exception {
    peer.request(id, "flow", "the same id");
    assertTrue(peer.expect(id, "SKIPPED").firstMessage().contains("already held"));
  }

  @Test
  void stepsAreDoneInNumericOrderOfNumbersWithGaps() throws Exception {
    configure(
        List.of(
            worker("First", "raw", "fine"),
            worker("Second", "fine", "loop"),
            worker("Loop", "loop", "loop")),
        flow(step(1_000, "Loop"), step(20, "Loop"), step(0, "First"), step(7, "Second")));
    alive("First", "Second", "Loop");
    String id = id();
    Set<String> dispatches = new HashSet<>();
    peer.request(peer.headers(id, "flow"), 3, "0".getBytes(UTF_8));
    List<String> route = List.of("First", "Second", "Loop", "Loop");
    for (int i = 0; i < route.size(); i++) {
      Message granted = peer.expect(id, "GRANTED");
      assertEquals(type(route.get(i)), granted.header("regards.worker_id"));
      Message request = work(route.get(i));
      assertEquals("" + i, request.text());
      assertEquals(3, request.properties().getPriority());
      for (Map.Entry<String, Object> header : peer.headers(id, "flow").entrySet()) {
        assertEquals(header.getValue(), request.header(header.getKey()));
      }
      assertTrue(dispatches.add(request.header("worker-manager.dispatch")), "one for each step");
      peer.succeed(id, "" + (i + 1));
    }
    Message success = peer.expect(id, "SUCCESS");
    assertEquals("4", text(success.content()));
    assertEquals("well", success.workersMessage());
    assertEquals(type("Loop"), success.header("regards.worker_id"));
    assertEquals("flow", success.header("regards.request.content_type"));
  }

  @Test
  void anyBytesGoFromStepToStep() throws Exception {
    configureThreeSteps();
    alive("A", "B");
    byte[] bytes = {0, (byte) 255, (byte) 200, '{', '\n', 0};
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\""
            + Base64.getEncoder().encodeToString(bytes)
            + "\"}");
    assertArrayEquals(bytes, work("B").body());
  }

  @Test
  void additionalHeadersAreCarriedOnToTheNextStepAlone() throws Exception {
    configureThreeSteps();
    alive("A", "B", "C");
    Map<String, Object> headers = peer.headers(id(), "flow");
    String id = headers.get("regards.request.id").toString();
    headers.put("of the requester", "not passed on");
    peer.request(headers, 0, "x".getBytes(UTF_8));
    assertNull(work("A").header("of the requester"));
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"\",\"additionalHeaders\":"
            + "{\"first\":\"1\",\"both\":\"1\",\"empty\":\"\",\"none\":null}}");
    Message second = work("B");
    assertEquals(List.of("1", "1", ""), values(second, "first", "both", "empty"));
    assertFalse(second.properties().getHeaders().containsKey("none"));
    assertNull(second.header("of the requester"));
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"\",\"additionalHeaders\":"
            + "{\"both\":\"2 \u00e9\",\"second\":\"2\"}}");
    Message third = work("C");
    assertEquals(List.of("2 \u00e9", "2"), values(third, "both", "second"));
    assertNull(third.header("first"));
    assertNull(third.header("empty"));
  }

  private static List<String> values(Message message, String... headers) {
    return List.of(headers).stream().map(message::header).toList();
  }

  @Test
  void additionalHeadersThatCannotBePassedOnAreIgnored() throws Exception {
    configureThreeSteps();
    alive("A", "B");
    String id = id();
    peer.request(id, "flow", "x");
    String dispatch = work("A").header("worker-manager.dispatch");
    peer.reply(
        id,
        """
        {"status": "SUCCESS", "content": "eA==", "additionalHeaders": {
          "regards.request.id": "another", "Regards.Tenant": "another", "CC": "another",
          "worker-manager.dispatch": "%s", "list": ["1"], "flag": true, "": "no name", "%s": "long",
          "big": "%s", "zero": "a\\u0000b", "good": "g"}}
        """
            .formatted(dispatch, "n".repeat(256), "b".repeat(100_000)));
    Message second = work("B");
    assertEquals(id, second.header("regards.request.id"));
    assertEquals(List.of("g", "a\uFFFDb"), values(second, "good", "zero"));
    assertFalse(dispatch.equals(second.header("worker-manager.dispatch")));
    // the five of every request, the dispatch, and the two good ones
    assertEquals(8, second.properties().getHeaders().size(), second.properties().toString());
  }

  @Test
  void waitsAtEveryStepForItsWorker() throws Exception {
    configureThreeSteps();
    String id = id();
    peer.request(id, "flow", "x");
    String content = "x";
    for (String name : List.of("A", "B", "C")) {
      Message delayed = peer.expect(id, "DELAYED");
      assertTrue(delayed.firstMessage().contains(type(name)), delayed.firstMessage());
      assertEquals(type(name), delayed.header("regards.worker_id"));
      alive(name);
      peer.expect(id, "GRANTED");
      Message request = work(name);
      assertEquals(content, request.text());
      assertEquals(name.equals("A") ? null : "kept", request.header("while waiting"));
      content = "of " + name;
      peer.reply(
          id,
          "{\"status\":\"SUCCESS\",\"additionalHeaders\":{\"while waiting\":\"kept\"},\"content\":\""
              + Base64.getEncoder().encodeToString(content.getBytes(UTF_8))
              + "\"}");
    }
    assertEquals("of C", text(peer.expect(id, "SUCCESS").content()));
  }

  @Test
  void anErrorAtAStepIsHeldThereUntilItsWorkerSucceedsAfterAll() throws Exception {
    configureThreeSteps();
    alive("A", "B", "C");
    for (String status : List.of("ERROR", "INVALID_CONTENT")) {
      String id = id();
      peer.request(id, "flow", "x");
      work("A");
      peer.succeed(id, "y");
      work("B");
      peer.reply(id, "{\"status\":\"RUNNING\"}");
      peer.reply(id, "{\"status\":\"" + status + "\",\"messages\":[\"why\"]}");
      Message failed = peer.expect(id, "GRANTED", "GRANTED", status);
      assertEquals("why", failed.workersMessage());
      assertEquals(type("B"), failed.header("regards.worker_id"));
      assertTrue(failed.json().path("content").isMissingNode());
      assertHeld(id);
      peer.succeed(id, "z");
      peer.expect(id, "GRANTED");
      assertEquals("z", work("C").text());
      peer.reply(id, "{\"status\":\"SUCCESS\"}");
      assertEquals("{}", text(peer.expect(id, "SUCCESS").content()));
    }
  }

  @Test
  void aRetriedRequestResumesAtTheStepThatFailed() throws Exception {
    configureThreeSteps();
    alive("A", "B", "C");
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"eQ==\",\"additionalHeaders\":{\"hint\":\"kept\"}}");
    peer.expect(id, "GRANTED", "GRANTED");
    Message failed = work("B");
    peer.reply(id, "{\"status\":\"ERROR\"}");
    peer.expect(id, "ERROR");
    stage.retry(tenant());
    peer.expect(id, "GRANTED");
    Message again = work("B");
    assertEquals(List.of("y", "kept"), List.of(again.text(), again.header("hint")));
    // of the dispatch that is over
    peer.deadLetter(failed.properties().getHeaders(), failed.body());
    peer.succeed(id, "z");
    peer.expect(id, "GRANTED");
    Message third = work("C");
    assertEquals("z", third.text());
    peer.deadLetter(third.properties().getHeaders(), third.body());
    peer.expect(id, "ERROR");
    stage.retry(tenant());
    assertEquals("z", work("C").text());
    peer.succeed(id, "done");
    assertEquals("done", text(peer.expect(id, "GRANTED", "SUCCESS").content()));
    assertEquals(0, peer.waitingFor(type("A")));
  }

  @Test
  void aStepThatGivesTheNextOneNothingToWorkOnIsAnError() throws Exception {
    configureThreeSteps();
    alive("A", "B");
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.reply(id, "{\"status\":\"SUCCESS\",\"content\":null,\"messages\":[\"well\"]}");
    String why = peer.expect(id, "GRANTED", "ERROR").json().path("messages").toString();
    assertTrue(why.contains("without content"), why);
    assertHeld(id);
    peer.reply(id, "{\"status\":\"SUCCESS\",\"content\":\"\"}");
    peer.expect(id, "GRANTED");
    assertEquals(0, work("B").body().length, "content of no bytes is content");
    assertEquals(0, peer.waitingFor(type("B")));
  }

  @Test
  void aWorkflowRemovedWhileARequestWaitsAtAStepIsWaitedFor() throws Exception {
    configureThreeSteps();
    alive("A");
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.succeed(id, "y");
    peer.expect(id, "GRANTED", "DELAYED");
    configure(workers());
    alive("B");
    assertOnlyThisOneGets("B", "b");
    assertSaysWhy(id, "'flow' is not configured any more");
    configureThreeSteps();
    peer.expect(id, "GRANTED");
    assertEquals("y", work("B").text());
  }

  /**
   * It is held, and waits for this reason now: its requester has been told already that it does.
   */
  private void assertSaysWhy(String id, String reason) throws Exception {
    assertHeld(id);
    String why = stage.whyItWaits(tenant(), id);
    assertTrue(why.contains(reason), why);
  }

  /** A single request for this worker is the only one it gets. */
  private void assertOnlyThisOneGets(String name, String contentType) throws Exception {
    String id = id();
    peer.request(id, contentType, "x");
    assertEquals(id, work(name).header("regards.request.id"));
    peer.succeed(id, "done");
    peer.expect(id, "GRANTED", "SUCCESS");
    assertEquals(0, peer.waitingFor(type(name)));
  }

  @Test
  void aStepRemovedWhileARequestWaitsAtItIsWaitedFor() throws Exception {
    configureThreeSteps();
    alive("A", "C");
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.succeed(id, "y");
    peer.expect(id, "GRANTED", "DELAYED");
    configure(
        List.of(worker("A", "a", "c"), worker("B", "b", null), worker("C", "c", null)),
        flow(step(5, "A"), step(1_000, "C")));
    alive("B");
    assertOnlyThisOneGets("B", "b");
    assertOnlyThisOneGets("C", "c");
    assertSaysWhy(id, "'flow' has no step 20 any more");
    configureThreeSteps();
    peer.expect(id, "GRANTED");
    assertEquals("y", work("B").text());
  }

  /** A request whose first step is done while the workflow is not configured. */
  private String betweenTwoSteps() throws Exception {
    configureThreeSteps();
    alive("A");
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.expect(id, "GRANTED");
    configure(workers());
    peer.reply(
        id,
        "{\"status\":\"SUCCESS\",\"content\":\"eQ==\",\"additionalHeaders\":{\"hint\":\"kept\"}}");
    Message delayed = peer.expect(id, "DELAYED");
    assertTrue(
        delayed.firstMessage().contains("'flow' is not configured any more"),
        delayed.firstMessage());
    return id;
  }

  @Test
  void aWorkflowRemovedBetweenTwoStepsIsWaitedFor() throws Exception {
    String id = betweenTwoSteps();
    alive("B");
    assertOnlyThisOneGets("B", "b");
    assertHeld(id);
    configureThreeSteps();
    peer.expect(id, "GRANTED");
    Message request = work("B");
    assertEquals("y", request.text());
    assertEquals("kept", request.header("hint"));
  }

  @Test
  void aWorkflowThatIsBackIsGoneOnWithByWhateverStepComesNextInIt() throws Exception {
    String id = betweenTwoSteps();
    alive("C");
    configure(
        List.of(worker("A", "a", "c"), worker("C", "c", null)), flow(step(4, "A"), step(6, "C")));
    peer.expect(id, "GRANTED");
    assertEquals("y", work("C").text());
  }

  @Test
  void aWorkflowThatIsBackWithoutALivingWorkerForItsNextStepWaitsForThat() throws Exception {
    String id = betweenTwoSteps();
    configure(
        List.of(worker("New", "a", "c"), worker("C", "c", null)),
        flow(step(5, "New"), step(6, "C")));
    assertTrue(peer.expect(id, "DELAYED").firstMessage().contains(type("C")));
    alive("C");
    peer.expect(id, "GRANTED");
    assertEquals("y", work("C").text());
  }

  @Test
  void aWorkflowThatIsBackAndHasNothingMoreToDoIsDoneThoughNoWorkerOfItLives() throws Exception {
    String id = betweenTwoSteps();
    configure(List.of(worker("New", "a", "c")), flow(step(5, "New")));
    assertEquals("y", text(peer.expect(id, "SUCCESS").content()));
  }

  @Test
  void aStepRemovedWhileItsWorkerIsAtItIsFollowedByTheNextOne() throws Exception {
    configureThreeSteps();
    alive("A", "B", "C");
    String id = id();
    peer.request(id, "flow", "x");
    work("A");
    peer.succeed(id, "y");
    work("B");
    configure(
        List.of(worker("A", "a", "c"), worker("C", "c", null)),
        flow(step(5, "A"), step(1_000, "C")));
    peer.succeed(id, "z");
    peer.expect(id, "GRANTED", "GRANTED", "GRANTED");
    assertEquals("z", work("C").text());
  }

  @Test
  void aRequestWaitsForWhateverItsContentTypeLeadsToWhenItsTimeComes() throws Exception {
    configure(List.of(worker("B", "flow", null)));
    String id = id();
    peer.request(id, "flow", "x");
    assertTrue(peer.expect(id, "DELAYED").firstMessage().contains(type("B")));
    configureThreeSteps();
    alive("A");
    peer.expect(id, "GRANTED");
    assertEquals("x", work("A").text());
  }

  @Test
  void aRenamedWorkerTypeTakesWhatWaitedForTheOldName() throws Exception {
    configure(
        List.of(worker("A", "a", "b"), worker("B", "b", null)), flow(step(1, "A"), step(2, "B")));
    alive("A");
    String inWorkflow = id();
    peer.request(inWorkflow, "flow", "x");
    work("A");
    peer.succeed(inWorkflow, "y");
    peer.expect(inWorkflow, "GRANTED", "DELAYED");
    String single = id();
    peer.request(single, "b", "z");
    peer.expect(single, "DELAYED");
    alive("Renamed");
    configure(
        List.of(worker("A", "a", "b"), worker("Renamed", "b", null)),
        flow(step(1, "A"), step(2, "Renamed")));
    for (String id : List.of(inWorkflow, single)) {
      assertEquals(type("Renamed"), peer.expect(id, "GRANTED").header("regards.worker_id"));
    }
    assertEquals(Set.of("y", "z"), Set.of(work("Renamed").text(), work("Renamed").text()));
  }

  @Test
  void aLateDeadLetterOfAStepThatIsOverIsDropped() throws Exception {
    configureThreeSteps();
    alive("A", "B", "C");
    String id = id();
    peer.request(id, "flow", "x");
    Message first = work("A");
    peer.succeed(id, "y");
    work("B");
    peer.deadLetter(first.properties().getHeaders(), first.body());
    peer.succeed(id, "z");
    peer.expect(id, "GRANTED", "GRANTED", "GRANTED");
    work("C");
    peer.succeed(id, "done");
    peer.expect(id, "SUCCESS");
  }
}
