package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.workermanager.app.scenario.Peer.Message;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

/**
 * What requesters and workers live through, seen from the wire alone. Each scenario has a tenant
 * and worker types of its own: brokers are shared, and keep what others left.
 */
abstract class Scenarios {

  final Stage stage;
  private String scene;
  Peer peer;

  Scenarios(Stage stage) {
    this.stage = stage;
  }

  @BeforeEach
  void open() throws Exception {
    scene = UUID.randomUUID().toString().substring(0, 8);
    stage.serve(tenant());
    peer = new Peer(stage.broker(), tenant());
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
  }

  String tenant() {
    return "tenant-" + scene;
  }

  /** This scenario's name of a worker type. */
  String type(String name) {
    return name + "-" + scene;
  }

  /** An operator of this tenant. */
  OperatorClient operator() {
    return stage.operator(tenant());
  }

  static String id() {
    return UUID.randomUUID().toString();
  }

  /** A worker type that takes one content type and gives another, null for none. */
  WorkerConfiguration worker(String name, String input, String output) {
    return new WorkerConfiguration(type(name), List.of(input), output, true);
  }

  WorkflowStep step(int number, String workerName) {
    return new WorkflowStep(number, type(workerName));
  }

  static WorkflowConfiguration flow(WorkflowStep... steps) {
    return new WorkflowConfiguration("flow", List.of(steps), true);
  }

  /** Replaces the tenant's configuration. */
  void configure(List<WorkerConfiguration> workers, WorkflowConfiguration... workflows) {
    stage.configure(
        tenant(), new ConfigurationUpdate(true, workers, List.of(workflows), List.of("skipped")));
  }

  /**
   * Declares a worker type's queue, with fewer priorities than workers do: RabbitMQ takes a quarter
   * of a second to make 255, and a queue that is there already is used as it is.
   */
  void declare(String name) throws Exception {
    peer.declareWorker(type(name), Map.of("x-max-priority", 10));
  }

  /** Worker types of these names declare their queues, beat, and have been heard. */
  void alive(String... names) throws Exception {
    for (String name : names) {
      declare(name);
      beat(name);
    }
  }

  /** A worker type of this name beats, and has been heard. */
  void beat(String name) throws Exception {
    peer.beat(type(name));
    stage.awaitAlive(type(name));
  }

  /** The next request of the worker type of this name, which it takes. */
  Message work(String name) throws Exception {
    return peer.work(type(name));
  }

  static String text(byte[] content) {
    return new String(content, UTF_8);
  }
}
