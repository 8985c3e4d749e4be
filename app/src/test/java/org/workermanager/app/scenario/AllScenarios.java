package org.workermanager.app.scenario;

import org.junit.jupiter.api.Nested;

/** All scenarios, for a class that says which broker and database they are played on. */
abstract class AllScenarios {

  /** Where they are played; one for all of them. */
  abstract Stage stage();

  @Nested
  class Requests extends RequestScenarios {
    Requests() {
      super(stage());
    }
  }

  @Nested
  class HardCases extends HardCaseScenarios {
    HardCases() {
      super(stage());
    }
  }

  @Nested
  class Workflows extends WorkflowScenarios {
    Workflows() {
      super(stage());
    }
  }

  @Nested
  class DeadLetters extends DeadLetterScenarios {
    DeadLetters() {
      super(stage());
    }
  }

  @Nested
  class Waiting extends WaitingScenarios {
    Waiting() {
      super(stage());
    }
  }

  @Nested
  class Priorities extends PriorityScenarios {
    Priorities() {
      super(stage());
    }
  }

  @Nested
  class Tenants extends TenantScenarios {
    Tenants() {
      super(stage());
    }
  }

  @Nested
  class Configurations extends ConfigurationScenarios {
    Configurations() {
      super(stage());
    }
  }

  @Nested
  class Searches extends SearchScenarios {
    Searches() {
      super(stage());
    }
  }

  @Nested
  class Operations extends OperationScenarios {
    Operations() {
      super(stage());
    }
  }

  @Nested
  class Workers extends WorkerScenarios {
    Workers() {
      super(stage());
    }
  }

  @Nested
  class Access extends AccessScenarios {
    Access() {
      super(stage());
    }
  }

  @Nested
  class Restarts extends RestartScenarios {
    Restarts() {
      super(stage());
    }
  }

  @Nested
  class DispatchTimeouts extends DispatchTimeoutScenarios {
    DispatchTimeouts() {
      super(stage());
    }
  }
}
