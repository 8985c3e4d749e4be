package org.workermanager.app.scenario;

/** On RabbitMQ and PostgreSQL, where they are reachable. */
class RealServicesTest extends Scenarios {

  @Override
  Services services() throws Exception {
    return Services.real();
  }
}
