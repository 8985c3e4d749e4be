package org.workermanager.app.architecture;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule finds what was planted against it, and refuses to guard nothing. */
class PlantedViolationsTest {
  private static final String PLANTED = "org.workermanager.app.architecture.planted";

  private static JavaClasses planted;

  @BeforeAll
  static void importPlanted() {
    planted = new ClassFileImporter().importPackages(PLANTED);
  }

  /** Each rule on its planted package, with places that its report has to name. */
  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(Rules.needsTheJdkOnly(PLANTED + ".boundary"), List.of("NeedsSql.source")),
        Arguments.of(
            Rules.knowsNothingOf(PLANTED + ".boundary", PLANTED + ".neighbour"),
            List.of("KnowsNeighbour.neighbour")),
        Arguments.of(
            Rules.knowsOnly(
                PLANTED,
                PLANTED + ".port",
                Set.of(PLANTED + ".chance"),
                Set.of(PLANTED + ".cycle.one.One")),
            List.of("LooksBehind.neighbour", "LooksBehind.behind")),
        Arguments.of(
            Rules.takesTimeFromOutside(PLANTED + ".time"),
            in("ReadsTheClock", "call", "reference", "millis", "nanos", "date", "clock")),
        Arguments.of(
            Rules.takesRandomnessFromOutside(PLANTED + ".chance"),
            in("ThrowsDice", "uuid", "random", "secure", "local", "math", "shuffle")),
        Arguments.of(
            Rules.neverLogs(PLANTED + ".logging"),
            in("Talks", "slf4j", "console", "logger", "trace")),
        Arguments.of(
            Rules.neverBlocks(PLANTED + ".blocking"),
            in("Waits", "sleep", "thread", "pool", "monitor", "latch", "queue")),
        Arguments.of(
            Rules.neverBlocks(PLANTED + ".blocking"),
            in("Waits", "future", "park", "file", "stream", "address")),
        Arguments.of(
            Rules.hasNoPackageCycles(PLANTED + ".cycle"), List.of("cycle.one", "cycle.two")));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void eachRuleFindsWhatWasPlantedAgainstIt(ArchRule rule, List<String> places) {
    String report = rule.evaluate(planted).getFailureReport().toString();

    for (String place : places) {
      assertTrue(report.contains(place), () -> "not found: " + place + " in " + report);
    }
  }

  @Test
  void noRuleGuardsNothing() {
    String nowhere = PLANTED + ".nowhere";
    List<ArchRule> rules =
        List.of(
            Rules.needsTheJdkOnly(nowhere),
            Rules.knowsNothingOf(nowhere, PLANTED),
            Rules.knowsOnly(PLANTED, nowhere, Set.of(), Set.of()),
            Rules.takesTimeFromOutside(nowhere),
            Rules.takesRandomnessFromOutside(nowhere),
            Rules.neverLogs(nowhere),
            Rules.neverBlocks(nowhere),
            Rules.hasNoPackageCycles(nowhere));

    for (ArchRule rule : rules) {
      assertThrows(AssertionError.class, () -> rule.check(planted), rule::getDescription);
    }
  }

  private static List<String> in(String type, String... methods) {
    return Stream.of(methods).map(method -> type + "." + method + "()").toList();
  }
}
