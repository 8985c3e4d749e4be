package org.workermanager.app.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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

  @ParameterizedTest
  @ValueSource(strings = {DOMAIN, AMQP, JDBC, APP})
  void packagesNeedEachOtherInOneDirection(String module) {
    Rules.hasNoPackageCycles(module).check(modules);
  }
}
