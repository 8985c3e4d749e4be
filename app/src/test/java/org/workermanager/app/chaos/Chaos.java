package org.workermanager.app.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The chaos program: its options, its folder, and its end. */
@Command(
    name = "chaos",
    description = {
      "Runs managers on a RabbitMQ and a PostgreSQL of its own, under load, and has them, the"
          + " services and the network fail over and over. Accounts for every request.",
      "Exit code: 0 when all is well, 1 when a guarantee was broken, 2 when something is missing on"
          + " this machine or the options are wrong, 3 when this program itself failed."
    })
final class Chaos implements Callable<Integer> {

  private static final int BROKEN = 1;
  private static final int CANNOT_RUN = 2;
  private static final int FAILED = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      defaultValue = "10",
      description = "How long things fail (default: ${DEFAULT-VALUE}).")
  private int minutes;

  @Option(names = "--seed", description = "Chooses the faults (default: another one each time).")
  private long seed = System.nanoTime();

  @Option(
      names = "--managers",
      defaultValue = "2",
      description = "How many run side by side (default: ${DEFAULT-VALUE}).")
  private int managers;

  @Option(
      names = "--rate",
      defaultValue = "100",
      description = "Requests a second, in the mean (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--only",
      split = ",",
      completionCandidates = Kinds.class,
      description = "Only some kinds of faults, of these: ${COMPLETION-CANDIDATES} (default: all).")
  private Set<String> only = FaultPlan.allKinds();

  @Option(
      names = "--jar",
      defaultValue = "app/target/worker-manager.jar",
      description = "The packaged program (default: ${DEFAULT-VALUE}).")
  private Path jar;

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  private boolean help;

  @Option(names = "--keep", description = "Keep logs and journal even when all is well.")
  private boolean keep;

  private final OpenThings open = new OpenThings();

  private static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return FaultPlan.allKinds().iterator();
    }
  }

  private Chaos() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Chaos()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    checkOptions();
    Prerequisites programs;
    try {
      programs = Prerequisites.find(jar);
    } catch (MissingException e) {
      System.err.println(e.getMessage());
      return CANNOT_RUN;
    }
    Path folder = Files.createTempDirectory("worker-manager-chaos-");
    // PostgreSQL's user must get through
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(folder)));
    int exitCode = run(programs, folder);
    if (exitCode == 0 && !keep) {
      delete(folder);
    } else {
      System.out.println("See " + folder);
    }
    return exitCode;
  }

  private int run(Prerequisites programs, Path folder) throws IOException {
    // so that the program can be built anew meanwhile
    Path copy = Files.copy(programs.managerJar(), folder.resolve("worker-manager.jar"));
    // the last of all
    open.add(
        () -> {
          for (String data : List.of("rabbitmq/data", "postgresql/data", "worker-manager.jar")) {
            delete(folder.resolve(data));
          }
        });
    ChaosRun.Settings settings =
        new ChaosRun.Settings(Duration.ofMinutes(minutes), seed, managers, rate, only, keep);
    try {
      return new ChaosRun(settings, programs.withManager(copy), folder, open).run() ? 0 : BROKEN;
    } catch (Exception e) {
      if (!open.isClosed()) {
        e.printStackTrace();
      }
      return FAILED;
    } finally {
      open.close();
    }
  }

  /** Does nothing when it has ended by itself. */
  private void interrupted(Path folder) {
    if (!open.isClosed()) {
      System.out.println("Interrupted; see " + folder);
      open.close();
    }
  }

  private void checkOptions() {
    if (minutes < 1 || managers < 1 || rate < 1) {
      throw new ParameterException(
          spec.commandLine(), "--minutes, --managers and --rate must be 1 or more");
    }
    Set<String> unknown = new TreeSet<>(only);
    unknown.removeAll(FaultPlan.allKinds());
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "No such kinds of faults: %s. There are %s".formatted(unknown, FaultPlan.allKinds()));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
