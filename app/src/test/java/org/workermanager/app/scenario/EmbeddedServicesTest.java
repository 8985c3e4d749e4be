package org.workermanager.app.scenario;

/** On the embedded broker and the embedded database. */
class EmbeddedServicesTest extends Scenarios {

  @Override
  Services services() {
    return Services.embedded();
  }
}
