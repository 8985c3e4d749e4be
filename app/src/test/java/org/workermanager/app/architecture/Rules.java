package org.workermanager.app.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules, each for the package given and all below it. A rule on packages without a class fails
 * (ArchUnit's {@code failOnEmptyShould}, which is on by default).
 */
final class Rules {
  private static final Set<String> BLOCKING_TYPES =
      Set.of(
          "java.util.Timer",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.Exchanger",
          "java.util.concurrent.Executors",
          "java.util.concurrent.Phaser",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.locks.Condition",
          "java.util.concurrent.locks.LockSupport");

  private static final Set<String> RANDOM_TYPES =
      Set.of(
          "java.security.SecureRandom",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.random.RandomGeneratorFactory");

  private Rules() {}

  /** Nothing but itself and what {@code java.base} exports. */
  static ArchRule needsTheJdkOnly(String root) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .onlyDependOnClassesThat(
            describe(
                "belong to " + root + " or java.base",
                type -> isIn(root, type) || isJavaBase(type)));
  }

  /** No dependency on any of the other packages or what is below them. */
  static ArchRule knowsNothingOf(String root, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(Stream.of(others).map(other -> other + "..").toArray(String[]::new));
  }

  /**
   * Of everything below a root, nothing but itself and what is named: packages, with all that is in
   * them, and single types, with their subtypes.
   */
  static ArchRule knowsOnly(String of, String root, Set<String> packages, Set<String> types) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .onlyDependOnClassesThat(
            describe(
                "are not of " + of + ", or belong to " + root + ", " + packages + " or " + types,
                type ->
                    !isIn(of, type)
                        || isIn(root, type)
                        || packages.contains(type.getBaseComponentType().getPackageName())
                        || types.stream().anyMatch(type.getBaseComponentType()::isAssignableTo)));
  }

  /** Time is asked of a clock that somebody hands in. */
  static ArchRule takesTimeFromOutside(String root) {
    return accessesNothing(root, "read the system's clock", Rules::readsSystemClock);
  }

  /** Randomness comes from a source that somebody hands in. */
  static ArchRule takesRandomnessFromOutside(String root) {
    return accessesNothing(root, "make up random values", Rules::isRandom);
  }

  /** What happens is told to a port; neither a logger nor the console is used. */
  static ArchRule neverLogs(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ch.qos.logback..",
            "java.util.logging..",
            "org.apache.commons.logging..",
            "org.apache.logging..",
            "org.slf4j..")
        .orShould()
        .accessTargetWhere(describe("writes to the console or a log", Rules::writesOut));
  }

  /** No waiting, no threads of its own, no input or output. */
  static ArchRule neverBlocks(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.net..", "java.nio.channels..", "java.nio.file..")
        .orShould()
        .dependOnClassesThat(describe("wait or run things elsewhere", Rules::isBlockingType))
        .orShould()
        .accessTargetWhere(describe("waits or starts a thread", Rules::waits));
  }

  /** No two packages need each other, directly or in a round. */
  static ArchRule hasNoPackageCycles(String root) {
    return slices().assignedFrom(packagesOf(root)).should().beFreeOfCycles();
  }

  private static ArchRule accessesNothing(
      String root, String what, Predicate<JavaAccess<?>> forbidden) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .accessTargetWhere(describe(what, forbidden));
  }

  private static boolean readsSystemClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    return switch (owner) {
      case "java.lang.System" -> Set.of("currentTimeMillis", "nanoTime").contains(name);
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.time.InstantSource" -> name.equals("system");
      case "java.util.Calendar" -> name.equals("getInstance");
      case "java.util.Date", "java.util.GregorianCalendar" -> name.equals("<init>");
      default -> owner.startsWith("java.time.") && name.equals("now") && !takesClock(access);
    };
  }

  private static boolean takesClock(JavaAccess<?> access) {
    return access.getTarget().getFullName().contains("java.time.Clock");
  }

  private static boolean isRandom(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    return switch (owner) {
      case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
      case "java.util.Collections" ->
          access.getTarget().getFullName().endsWith(".shuffle(java.util.List)");
      case "java.util.UUID" -> name.equals("randomUUID");
      case "java.util.random.RandomGenerator" -> Set.of("getDefault", "of").contains(name);
      default -> RANDOM_TYPES.contains(owner) && makesOne(name);
    };
  }

  private static boolean makesOne(String name) {
    return Set.of("<init>", "current", "getInstance", "getInstanceStrong", "getDefault", "of")
        .contains(name);
  }

  private static boolean writesOut(JavaAccess<?> access) {
    String name = access.getName();
    return access.getTargetOwner().isEquivalentTo(System.class)
            && Set.of("out", "err", "getLogger", "console").contains(name)
        || access.getTargetOwner().isAssignableTo(Throwable.class)
            && name.equals("printStackTrace");
  }

  private static boolean isBlockingType(JavaClass type) {
    return BLOCKING_TYPES.contains(type.getName())
        || type.isAssignableTo(BlockingQueue.class)
        || type.isAssignableTo(Executor.class);
  }

  private static boolean waits(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getName();
    return owner.isAssignableTo(Thread.class)
            && Set.of("<init>", "sleep", "join", "start").contains(name)
        || owner.isAssignableTo(Future.class) && Set.of("get", "join").contains(name)
        || name.equals("wait") && access.getTarget().getFullName().contains(".wait(");
  }

  private static boolean isIn(String root, JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return name.equals(root) || name.startsWith(root + ".");
  }

  private static boolean isJavaBase(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return element.isPrimitive() || Object.class.getModule().isExported(element.getPackageName());
  }

  private static SliceAssignment packagesOf(String root) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return isIn(root, type)
            ? SliceIdentifier.of(type.getPackageName())
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages of " + root;
      }
    };
  }
}
