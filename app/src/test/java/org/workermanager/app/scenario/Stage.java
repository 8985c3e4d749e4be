package org.workermanager.app.scenario;

import java.time.Duration;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.search.RequestFilter;

/**
 * A running manager for scenarios to be played on. Whatever they do to it otherwise than over AMQP
 * and HTTP is here.
 */
final class Stage implements AutoCloseable {

  private final Services services;
  private Instance instance;

  /** Starts a manager there, and waits until it is ready. */
  Stage(Services services) throws Exception {
    this.services = services;
    instance = Instance.start(services, Instance.newName(), Instance.USUAL_EXPIRY);
  }

  BrokerAddress broker() {
    return services.broker();
  }

  /** Not every broker says why it dead-letters a message, or knows every argument of a queue. */
  boolean onRabbitMq() {
    return services.rabbitMq();
  }

  /** The manager's name for itself. */
  String instance() {
    return instance.name();
  }

  /** The running manager. */
  Instance running() {
    return instance;
  }

  /** Starts another manager beside it, on the same broker and database. */
  Instance startAnother() throws Exception {
    return Instance.start(services, Instance.newName(), Instance.USUAL_EXPIRY);
  }

  /** Has the manager end, and another one begin on the same broker and database. */
  void restart(Duration heartbeatExpiry) throws Exception {
    instance.close();
    instance = Instance.start(services, Instance.newName(), heartbeatExpiry);
  }

  /** Has the manager end in the middle of whatever it does, and begin anew under its name. */
  void breakOffAndRestart() throws Exception {
    instance.breakOff();
    instance = Instance.start(services, instance.name(), Instance.USUAL_EXPIRY);
  }

  /** An operator of this tenant. */
  OperatorClient operator(String tenant) {
    return instance.operator(tenant);
  }

  void serve(String tenant) {
    instance.embedded().serve(tenant);
  }

  void configure(String tenant, ConfigurationUpdate update) {
    instance.embedded().configure(tenant, update);
  }

  /** As an operator who retries all that can be retried of a tenant. */
  void retry(String tenant) {
    instance.embedded().retry(tenant, RequestFilter.ALL, OperationListener.NONE);
  }

  /** What a waiting request waits for, as an operator sees it. */
  String whyItWaits(String tenant, String requestId) {
    return instance
        .embedded()
        .find(tenant, requestId)
        .map(found -> String.join(" ", found.request().state().messages()))
        .orElse("not held");
  }

  void awaitAlive(String workerType) throws InterruptedException {
    instance.awaitAlive(workerType);
  }

  @Override
  public void close() {
    instance.close();
    services.close().run();
  }
}
