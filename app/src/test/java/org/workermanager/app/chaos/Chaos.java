package org.workermanager.app.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
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

/** The chaos program. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
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
  private static final String COPIED_JAR = "worker-manager.jar";
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT_EXPIRY = Duration.ofSeconds(10);
  private static final int REQUESTERS = 2;
  private static final int WORKERS_OF_A_TYPE = 2;

  /** Requesters wait rather than make recovering a matter of how quick this machine is. */
  private static final int SECONDS_OWED_AT_MOST = 60;

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
      description = "Only these kinds of faults, separated by commas (default: all).")
  private Set<String> only = FaultPlan.allKinds();

  @Option(
      names = "--jar",
      defaultValue = "app/target/worker-manager.jar",
      description = "The packaged program (default: ${DEFAULT-VALUE}).")
  private Path jar;

  @Option(names = "--keep", description = "Keep logs and journal even when all is well.")
  private boolean keep;

  private final OpenThings open = new OpenThings();

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
    // the last of all
    open.add(() -> deleteData(folder));
    boolean good = false;
    try {
      good = run(programs, folder);
    } catch (Exception e) {
      if (open.isClosed()) {
        return FAILED;
      }
      e.printStackTrace();
      System.err.println("The logs are in " + folder);
      return FAILED;
    } finally {
      open.close();
    }
    if (good && !keep) {
      delete(folder);
    } else {
      System.out.println("See " + folder);
    }
    return good ? 0 : BROKEN;
  }

  /** Does nothing when it has ended by itself. */
  private void interrupted(Path folder) {
    if (!open.isClosed()) {
      System.out.println("Interrupted: everything is stopped; see " + folder);
      open.close();
    }
  }

  private static void deleteData(Path folder) throws IOException {
    delete(folder.resolve("rabbitmq/data"));
    delete(folder.resolve("postgresql/data"));
    delete(folder.resolve(COPIED_JAR));
  }

  private void checkOptions() {
    if (minutes < 1 || managers < 1 || rate < 1) {
      throw new ParameterException(spec.commandLine(), "Everything must be 1 or more");
    }
    Set<String> unknown = new TreeSet<>(only);
    unknown.removeAll(FaultPlan.allKinds());
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "No such kinds of faults: %s. There are: %s".formatted(unknown, FaultPlan.allKinds()));
    }
  }

  private boolean run(Prerequisites programs, Path folder) throws Exception {
    Journal journal = new Journal(folder.resolve("journal.txt"));
    journal.tell("seed %d; logs are in %s".formatted(seed, folder));
    Random random = new Random(seed);
    Ledger ledger = new Ledger();

    OwnRabbitMq broker = open.add(new OwnRabbitMq(programs, folder.resolve("rabbitmq")));
    broker.start();
    OwnPostgreSql database = open.add(new OwnPostgreSql(programs, folder.resolve("postgresql")));
    database.make();
    database.start();
    TcpProxy peersToBroker = open.add(TcpProxy.to(broker.port()));
    ListenerPeer listener = open.add(new ListenerPeer(peersToBroker.port(), ledger));
    listener.start();
    listener.awaitListening(START);
    List<ManagerProcess> running = startManagers(programs, folder, broker, database);
    List<WorkerPeer> workers = startWorkers(peersToBroker.port(), ledger, random);
    World world = new World(broker, database, running, workers, peersToBroker);

    Instant begin = Instant.now();
    List<RequesterPeer> requesters = startRequesters(peersToBroker.port(), ledger, random);
    journal.tell("%d managers are ready, and requests are submitted".formatted(managers));
    Patience.rest(WARM_UP);
    FaultPlan plan = new FaultPlan(seed, managers).only(only);
    Turmoil turmoil = new Turmoil(plan, world, ledger, journal);
    boolean recovered = turmoil.rage(Duration.ofMinutes(minutes));
    requesters.forEach(RequesterPeer::endSubmitting);
    Duration lasted = Duration.between(begin, Instant.now());
    journal.tell("no more faults, and no more requests");
    boolean done =
        recovered
            && Patience.until(
                Turmoil.PATIENCE, () -> ledger.countOwed() == 0 && Remains.isDone(world));

    Verdict verdict = new Verdict(ledger, Remains.find(world));
    if (!done || !verdict.isGood()) {
      for (ManagerProcess manager : running) {
        manager.dumpThreads();
      }
      journal.tell(System.lineSeparator() + verdict.writeEvidence(folder));
    } else if (keep) {
      verdict.writeEvidence(folder);
    }
    journal.tell("seed %d%n%s".formatted(seed, verdict.report(lasted, turmoil, running)));
    return verdict.isGood();
  }

  private List<ManagerProcess> startManagers(
      Prerequisites programs, Path folder, OwnRabbitMq broker, OwnPostgreSql database)
      throws Exception {
    Path configuration = folder.resolve("configuration.json");
    try (InputStream resource = Chaos.class.getResourceAsStream("configuration.json")) {
      Files.copy(resource, configuration);
    }
    // so that it can be built anew meanwhile
    Path copy = Files.copy(programs.managerJar(), folder.resolve(COPIED_JAR));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            copy.toString(),
            "run");
    List<String> options = new ArrayList<>();
    for (String tenant : Assignment.TENANTS) {
      options.addAll(List.of("--config", tenant + "=" + configuration));
    }
    options.addAll(List.of("--heartbeat-expiry", HEARTBEAT_EXPIRY.toSeconds() + "s"));
    options.addAll(List.of("--http", "off"));
    List<ManagerProcess> started = new ArrayList<>();
    for (int number = 1; number <= managers; number++) {
      ManagerProcess manager =
          open.add(
              new ManagerProcess(
                  number,
                  folder.resolve("managers"),
                  command,
                  options,
                  TcpProxy.to(broker.port()),
                  TcpProxy.to(database.port())));
      manager.start();
      started.add(manager);
    }
    for (ManagerProcess manager : started) {
      manager.awaitReady();
    }
    return started;
  }

  private List<WorkerPeer> startWorkers(int port, Ledger ledger, Random random) {
    List<WorkerPeer> workers = new ArrayList<>();
    for (String workerType : Assignment.WORKER_TYPES) {
      for (int number = 1; number <= WORKERS_OF_A_TYPE; number++) {
        Random own = new Random(random.nextLong());
        workers.add(open.add(new WorkerPeer(workerType, number, port, ledger, own)));
      }
    }
    workers.forEach(WorkerPeer::start);
    return workers;
  }

  private List<RequesterPeer> startRequesters(int port, Ledger ledger, Random random) {
    List<RequesterPeer> requesters = new ArrayList<>();
    for (int number = 1; number <= REQUESTERS; number++) {
      requesters.add(
          open.add(
              new RequesterPeer(
                  "requester-" + number,
                  port,
                  ledger,
                  new Random(random.nextLong()),
                  Math.max(1, rate / REQUESTERS),
                  rate * SECONDS_OWED_AT_MOST)));
    }
    requesters.forEach(RequesterPeer::start);
    return requesters;
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
