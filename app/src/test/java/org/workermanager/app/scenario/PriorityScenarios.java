package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.Peer.Message;

/** Urgent requests come first. */
abstract class PriorityScenarios extends Scenarios {

  /** More than one page. */
  private static final int MANY = 1_050;

  PriorityScenarios(Stage stage) {
    super(stage);
  }

  private void request(String id, String contentType, int priority) throws Exception {
    peer.request(peer.headers(id, contentType), priority, id.getBytes(UTF_8));
  }

  /** The requests of this worker type, in the order in which it gets them. */
  private List<String> taken(String name, int requests) throws Exception {
    peer.awaitWaiting(type(name), requests);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Message request = work(name);
      ids.add(request.text());
      assertEquals(
          Integer.parseInt(request.text().split(" ")[0]), request.properties().getPriority());
    }
    return ids;
  }

  @Test
  void aWorkersQueueDeliversUrgentRequestsFirst() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    peer.declareWorker(type("Work"));
    beat("Work");
    for (String id : List.of("0 a", "5 a", "127 a", "0 b", "5 b", "10 a", "9 a", "126 a")) {
      request(id, "work", Integer.parseInt(id.split(" ")[0]));
      peer.expect(id, "GRANTED");
    }
    assertEquals(
        List.of("127 a", "126 a", "10 a", "9 a", "5 a", "5 b", "0 a", "0 b"), taken("Work", 8));
  }

  @Test
  void aWorkersQueueDeliversTheMostUrgentRequestsFirst() throws Exception {
    assumeTrue(stage.onRabbitMq(), "the embedded broker takes priorities over 127 for the lowest");
    configure(List.of(worker("Work", "work", null)));
    peer.declareWorker(type("Work"));
    beat("Work");
    for (String id : List.of("0 a", "127 a", "254 a", "128 a", "255 a")) {
      request(id, "work", Integer.parseInt(id.split(" ")[0]));
      peer.expect(id, "GRANTED");
    }
    assertEquals(List.of("255 a", "254 a", "128 a", "127 a", "0 a"), taken("Work", 5));
  }

  @Test
  void noPriorityIsTheLowest() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    alive("Work");
    peer.request(
        new BasicProperties.Builder().headers(peer.headers("0 none", "work")).build(),
        "0 none".getBytes(UTF_8));
    assertEquals(List.of("0 none"), taken("Work", 1));
  }

  @Test
  void waitingRequestsAreDispatchedByPriorityAndThenArrival() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    List<String> ids = List.of("0 a", "7 a", "0 b", "255 a", "7 b", "3 a", "0 c", "255 b", "7 c");
    for (String id : ids) {
      request(id, "work", Integer.parseInt(id.split(" ")[0]));
    }
    for (String id : ids) {
      peer.expect(id, "DELAYED");
    }
    awaitAllTaken();
    comesAliveWithAQueueInOrderOfArrival("Work");
    assertEquals(
        List.of("255 a", "255 b", "7 a", "7 b", "7 c", "3 a", "0 a", "0 b", "0 c"),
        taken("Work", ids.size()));
  }

  @Test
  void pagesOfWaitingRequestsGoInThatOrderToo() throws Exception {
    configure(List.of(worker("Work", "work", null)));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      ids.add("0 " + i);
    }
    for (String id : ids) {
      peer.requestUnconfirmed(id, "work", id);
    }
    String last = ids.remove(MANY - 1);
    peer.expect(last, "DELAYED");
    request("1 urgent", "work", 1);
    peer.expect("1 urgent", "DELAYED");
    awaitAllTaken();
    comesAliveWithAQueueInOrderOfArrival("Work");
    List<String> inOrder = new ArrayList<>(List.of("1 urgent"));
    inOrder.addAll(ids);
    inOrder.add(last);
    assertEquals(inOrder, taken("Work", MANY + 1));
    for (String id : ids) {
      peer.expect(id, "DELAYED", "GRANTED");
    }
    peer.expect(last, "GRANTED");
    peer.expect("1 urgent", "GRANTED");
  }

  @Test
  void laterStepsHaveThePriorityToo() throws Exception {
    configure(
        List.of(worker("Work", "work", "half"), worker("Next", "half", null)),
        flow(step(1, "Work"), step(2, "Next")));
    alive("Work");
    // the last one comes last, whenever it is found: those before have been taken by then
    for (String id : List.of("1 a", "8 a", "1 b", "0 a")) {
      request(id, "flow", Integer.parseInt(id.split(" ")[0]));
      work("Work");
      peer.succeed(id, id);
      peer.expect(id, "GRANTED", "DELAYED");
    }
    comesAliveWithAQueueInOrderOfArrival("Next");
    assertEquals(List.of("8 a", "1 a", "1 b", "0 a"), taken("Next", 4));
  }

  /**
   * A requester hears that its request waits a moment before it can be found waiting; when a later
   * one has been answered, the moment is over.
   */
  private void awaitAllTaken() throws Exception {
    String later = id();
    peer.request(later, "nobody does this", "x");
    peer.expect(later, "DELAYED");
  }

  /** Without priorities of its own the queue shows in which order the requests came. */
  private void comesAliveWithAQueueInOrderOfArrival(String name) throws Exception {
    peer.declareWorker(type(name), Map.of());
    peer.beat(type(name));
  }
}
