package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;

/** Two tenants never see or touch one another's requests and configurations. */
abstract class TenantScenarios extends Scenarios {

  private String otherTenant;
  private Peer other;

  TenantScenarios(Stage stage) {
    super(stage);
  }

  @BeforeEach
  void openTheOther() throws Exception {
    otherTenant = "other " + tenant();
    other = new Peer(stage.broker(), otherTenant);
  }

  @AfterEach
  void closeTheOther() throws Exception {
    other.close();
  }

  private void configureTheOther(
      List<WorkerConfiguration> workers, List<String> skipped, WorkflowConfiguration... workflows) {
    stage.configure(
        otherTenant, new ConfigurationUpdate(true, workers, List.of(workflows), skipped));
  }

  @Test
  void theSameRequestIdIsAnotherRequestInAnotherTenant() throws Exception {
    List<WorkerConfiguration> workers = List.of(worker("Work", "work", null));
    configure(workers);
    configureTheOther(workers, List.of());
    alive("Work");
    String id = id();
    peer.request(id, "work", "one");
    peer.expect(id, "GRANTED");
    other.request(id, "work", "other");
    other.expect(id, "GRANTED");
    Message first = work("Work");
    Message second = work("Work");
    assertEquals(List.of("one", tenant()), List.of(first.text(), first.header("regards.tenant")));
    assertEquals(
        List.of("other", otherTenant), List.of(second.text(), second.header("regards.tenant")));

    other.reply(id, "{\"status\":\"ERROR\",\"messages\":[\"other's\"]}");
    assertEquals("other's", other.expect(id, "ERROR").workersMessage());
    peer.succeed(id, "one's");
    assertEquals("one's", text(peer.expect(id, "SUCCESS").content()));

    // one's is free again, other's is still held
    other.request(id, "work", "again");
    other.expect(id, "SKIPPED");
    peer.request(id, "work", "again");
    peer.expect(id, "GRANTED");
    Map<String, Object> letter = new HashMap<>(second.properties().getHeaders());
    letter.put("x-exception-stacktrace", "other's trace");
    other.deadLetter(letter, second.body());
    assertEquals("other's trace", other.expect(id, "ERROR").workersMessage());
    assertEquals("again", work("Work").text());
    peer.succeed(id, "again");
    peer.expect(id, "SUCCESS");
    other.succeed(id, "after all");
    assertEquals("after all", text(other.expect(id, "SUCCESS").content()));
  }

  @Test
  void anAnswerThatNamesTheWrongTenantIsAboutNothing() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    configureTheOther(List.of(), List.of());
    alive("Work");
    String id = id();
    peer.request(id, "work", "x");
    Message request = work("Work");
    other.succeed(id, "wrong");
    other.reply(
        Map.of("regards.tenant", "no such tenant", "regards.request.id", id),
        "{\"status\":\"ERROR\"}".getBytes(UTF_8));
    Map<String, Object> letter = new HashMap<>(request.properties().getHeaders());
    letter.put("regards.tenant", otherTenant);
    other.deadLetter(letter, request.body());
    peer.succeed(id, "right");
    assertEquals("right", text(peer.expect(id, "GRANTED", "SUCCESS").content()));
    // and the other has heard nothing
    other.request(id, "nobody does this", "x");
    other.expect(id, "DELAYED");
  }

  @Test
  void eachHasItsOwnConfiguration() throws Exception {
    configure(
        List.of(worker("A", "work", "b"), worker("B", "b", null)),
        flow(step(1, "A"), step(2, "B")));
    configureTheOther(
        List.of(worker("B", "work", null)),
        List.of("b"),
        new WorkflowConfiguration("flow of the other", List.of(step(1, "B")), true));
    alive("A", "B");
    String id = id();
    peer.request(id, "work", "one");
    assertEquals(type("A"), peer.expect(id, "GRANTED").header("regards.worker_id"));
    assertEquals("one", work("A").text());
    other.request(id, "work", "other");
    assertEquals(type("B"), other.expect(id, "GRANTED").header("regards.worker_id"));
    assertEquals("other", work("B").text());

    String skipped = id();
    other.request(skipped, "b", "x");
    other.expect(skipped, "SKIPPED");
    peer.request(skipped, "b", "x");
    peer.expect(skipped, "GRANTED");
    assertEquals(tenant(), work("B").header("regards.tenant"));

    String inWorkflow = id();
    other.request(inWorkflow, "flow", "x");
    other.expect(inWorkflow, "DELAYED");
    peer.request(inWorkflow, "flow of the other", "x");
    peer.expect(inWorkflow, "DELAYED");
  }

  @Test
  void changingTheConfigurationOfOneLeavesTheOtherAlone() throws Exception {
    List<WorkerConfiguration> workers = List.of(worker("A", "a", "b"), worker("B", "b", null));
    configure(workers, flow(step(1, "A"), step(2, "B")));
    configureTheOther(workers, List.of(), flow(step(1, "A"), step(2, "B")));
    alive("A", "B");
    String id = id();
    for (Peer each : List.of(peer, other)) {
      each.request(id, "flow", "x");
      work("A");
    }
    configure(List.of());
    for (Peer each : List.of(peer, other)) {
      each.succeed(id, "y");
    }
    peer.expect(id, "GRANTED", "DELAYED");
    other.expect(id, "GRANTED", "GRANTED");
    assertEquals(otherTenant, work("B").header("regards.tenant"));
    configure(workers, flow(step(1, "A"), step(2, "B")));
    peer.expect(id, "GRANTED");
    assertEquals(tenant(), work("B").header("regards.tenant"));
  }

  @Test
  void aWorkerThatComesAliveServesEveryTenant() throws Exception {
    configure(List.of(worker("Work", "one", null)));
    configureTheOther(List.of(worker("Work", "other", null)), List.of());
    String id = id();
    peer.request(id, "one", "x");
    peer.expect(id, "DELAYED");
    other.request(id, "other", "x");
    other.expect(id, "DELAYED");
    declare("Work");
    other.beat(type("Work"));
    peer.expect(id, "GRANTED");
    other.expect(id, "GRANTED");
    peer.awaitWaiting(type("Work"), 2);
  }

  @Test
  void aTenantMayBeAddedWhileTheServiceRuns() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    String id = id();
    other.request(id, "work", "too early");
    Message aside = other.setAside();
    assertEquals("too early", aside.text());
    assertTrue(aside.header("x-exception-message").contains(otherTenant));
    stage.serve(otherTenant);
    other.request(id, "work", "x");
    other.expect(id, "DELAYED");
    configureTheOther(List.of(worker("Work", "work", null)), List.of());
    other.expect(id, "GRANTED");
    assertEquals(otherTenant, work("Work").header("regards.tenant"));
    other.succeed(id, "y");
    other.expect(id, "SUCCESS");
  }
}
