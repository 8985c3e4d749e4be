package org.workermanager.app.scenario;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On RabbitMQ and PostgreSQL, where they are there. */
class RealServicesTest extends AllScenarios {

  private static Stage stage;

  @BeforeAll
  static void start() throws Exception {
    stage = new Stage(Services.real());
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Override
  Stage stage() {
    return stage;
  }
}
