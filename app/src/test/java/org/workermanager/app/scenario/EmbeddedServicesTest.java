package org.workermanager.app.scenario;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On the embedded broker and the embedded database. */
class EmbeddedServicesTest extends AllScenarios {

  private static Stage stage;

  @BeforeAll
  static void start() throws Exception {
    stage = new Stage(Services.embedded());
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
