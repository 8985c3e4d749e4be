package org.workermanager.app.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The modules keep the rules. That the rules can fail is shown by {@link PlantedViolationsTest}.
 */
class ArchitectureTest {
  private static final String DOMAIN = "org.workermanager.domain";
  private static final String AMQP = "org.workermanager.amqp";
  private static final String JDBC = "org.workermanager.jdbc";
  private static final String APP = "org.workermanager.app";

  private static JavaClasses modules;

  @BeforeAll
  static void importModules() {
    modules =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(DOMAIN, AMQP, JDBC, APP);
  }

  @Test
  void theDomainNeedsTheJdkOnly() {
    Rules.needsTheJdkOnly(DOMAIN).check(modules);
  }

  @Test
  void theDomainTakesTimeFromOutside() {
    Rules.takesTimeFromOutside(DOMAIN).check(modules);
  }

  @Test
  void theDomainTakesRandomnessFromOutside() {
    Rules.takesRandomnessFromOutside(DOMAIN).check(modules);
  }

  @Test
  void theDomainNeverLogs() {
    Rules.neverLogs(DOMAIN).check(modules);
  }

  @Test
  void theDomainNeverBlocks() {
    Rules.neverBlocks(DOMAIN).check(modules);
  }

  @Test
  void theAmqpAdapterKnowsNeitherItsNeighbourNorTheApplication() {
    Rules.knowsNothingOf(AMQP, JDBC, APP).check(modules);
  }

  @Test
  void theJdbcAdapterKnowsNeitherItsNeighbourNorTheApplication() {
    Rules.knowsNothingOf(JDBC, AMQP, APP).check(modules);
  }

  /** What they ask for is asked of the port: its values, and what it may throw. */
  @Test
  void operatorsAreServedByTheDomainsInboundPortAlone() {
    Rules.knowsOnly(
            DOMAIN,
            APP + ".http",
            Set.of(
                DOMAIN + ".operation",
                DOMAIN + ".protocol",
                DOMAIN + ".registry",
                DOMAIN + ".request",
                DOMAIN + ".routing",
                DOMAIN + ".search"),
            Set.of(
                DOMAIN + ".Operator",
                DOMAIN + ".publish.BrokerUnavailableException",
                DOMAIN + ".store.StoreException"))
        .check(modules);
  }

  @Test
  void operatorsAreServedWithoutAdaptersAndTheRestOfTheApplication() {
    Rules.knowsNothingOf(APP + ".http", AMQP, JDBC).check(modules);
    Rules.knowsOnly(APP, APP + ".http", Set.of(APP + ".configuration"), Set.of()).check(modules);
  }

  @Test
  void whatAsksARunningManagerKnowsTheDomainsValuesOnly() {
    Rules.knowsOnly(DOMAIN, APP + ".client", Set.of(DOMAIN + ".search"), Set.of()).check(modules);
    Rules.knowsNothingOf(APP + ".client", AMQP, JDBC).check(modules);
    Rules.knowsOnly(APP, APP + ".client", Set.of(), Set.of()).check(modules);
  }

  @Test
  void theCommandsLeaveTheWireToTheClient() {
    Rules.knowsNothingOf(APP + ".command", "java.net.http", "com.fasterxml").check(modules);
  }

  @ParameterizedTest
  @ValueSource(strings = {DOMAIN, AMQP, JDBC, APP})
  void packagesNeedEachOtherInOneDirection(String module) {
    Rules.hasNoPackageCycles(module).check(modules);
  }
}
