package org.workermanager.app.chaos;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One run, from starting everything to the verdict. */
final class ChaosRun {

  /**
   * What is asked for.
   *
   * @param rate requests a second, in the mean
   * @param kinds of faults
   * @param keepAll what is worth a look is written down even when all is well
   */
  record Settings(
      Duration duration, long seed, int managers, int rate, Set<String> kinds, boolean keepAll) {}

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  /** For what is on its way when it is known already that not all is well. */
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(20);

  private static final Duration HEARTBEAT_EXPIRY = Duration.ofSeconds(10);
  private static final int REQUESTERS = 2;
  private static final int WORKERS_OF_A_TYPE = 2;

  /** Requesters wait rather than make recovering a matter of how quick this machine is. */
  private static final int SECONDS_OWED_AT_MOST = 60;

  private final Settings settings;
  private final Prerequisites programs;
  private final Path folder;
  private final OpenThings open;
  private final Journal journal;
  private final Ledger ledger = new Ledger();
  private final Random random;

  /**
   * @param folder where everything is put
   * @param open gets all that is to be closed
   */
  ChaosRun(Settings settings, Prerequisites programs, Path folder, OpenThings open) {
    this.settings = settings;
    this.programs = programs;
    this.folder = folder;
    this.open = open;
    this.journal = new Journal(folder.resolve("journal.txt"));
    this.random = new Random(settings.seed());
  }

  /** Returns whether all is well. */
  boolean run() throws Exception {
    journal.tell("seed %d; logs are in %s".formatted(settings.seed(), folder));
    World world = startWorld();
    Instant begin = Instant.now();
    List<RequesterPeer> requesters = startRequesters(world.peersToBroker().port());
    journal.tell("managers are ready, and requests are submitted");
    Patience.rest(WARM_UP);
    FaultPlan plan = new FaultPlan(settings.seed(), settings.managers()).only(settings.kinds());
    Turmoil turmoil = new Turmoil(plan, world, ledger, journal);
    boolean recovered = turmoil.rage(settings.duration());
    requesters.forEach(RequesterPeer::endSubmitting);
    Duration lasted = Duration.between(begin, Instant.now());
    journal.tell("no more faults, and no more requests");
    Patience.until(
        recovered ? Turmoil.PATIENCE : SHORT_PATIENCE,
        () -> ledger.countOwed() == 0 && Remains.isDone(world));
    return judge(world, turmoil, lasted);
  }

  private boolean judge(World world, Turmoil turmoil, Duration lasted) throws Exception {
    Verdict verdict = new Verdict(ledger, Remains.find(world));
    if (!verdict.isGood()) {
      for (ManagerProcess manager : world.managers()) {
        manager.dumpThreads();
      }
      journal.tell(System.lineSeparator() + verdict.writeEvidence(folder));
    } else if (settings.keepAll()) {
      verdict.writeEvidence(folder);
    }
    journal.tell(
        "seed %d%n%s"
            .formatted(settings.seed(), verdict.report(lasted, turmoil, world.managers())));
    return verdict.isGood();
  }

  private World startWorld() throws Exception {
    OwnRabbitMq broker = open.add(new OwnRabbitMq(programs, folder.resolve("rabbitmq")));
    broker.start();
    OwnPostgreSql database = open.add(new OwnPostgreSql(programs, folder.resolve("postgresql")));
    database.make();
    database.start();
    TcpProxy peersToBroker = open.add(TcpProxy.to(broker.port()));
    ListenerPeer listener = open.add(new ListenerPeer(peersToBroker.port(), ledger));
    listener.start();
    listener.awaitListening(START);
    List<ManagerProcess> managers = startManagers(broker.port(), database.port());
    List<WorkerPeer> workers = startWorkers(peersToBroker.port());
    return new World(broker, database, managers, workers, peersToBroker);
  }

  private List<ManagerProcess> startManagers(int brokerPort, int databasePort) throws Exception {
    Path configuration = folder.resolve("configuration.json");
    try (InputStream resource = ChaosRun.class.getResourceAsStream("configuration.json")) {
      Files.copy(resource, configuration);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", programs.managerJar().toString(), "run"));
    for (String tenant : Assignment.TENANTS) {
      command.addAll(List.of("--config", tenant + "=" + configuration));
    }
    command.addAll(List.of("--heartbeat-expiry", HEARTBEAT_EXPIRY.toSeconds() + "s"));
    command.addAll(List.of("--http", "off"));
    List<ManagerProcess> started = new ArrayList<>();
    for (int number = 1; number <= settings.managers(); number++) {
      ManagerProcess manager =
          open.add(
              new ManagerProcess(
                  number,
                  folder.resolve("managers"),
                  command,
                  TcpProxy.to(brokerPort),
                  TcpProxy.to(databasePort)));
      manager.start();
      started.add(manager);
    }
    for (ManagerProcess manager : started) {
      manager.awaitReady();
    }
    return started;
  }

  private List<WorkerPeer> startWorkers(int port) {
    List<WorkerPeer> workers = new ArrayList<>();
    for (String workerType : Assignment.WORKER_TYPES) {
      for (int number = 1; number <= WORKERS_OF_A_TYPE; number++) {
        workers.add(open.add(new WorkerPeer(workerType, number, port, ledger, another())));
      }
    }
    workers.forEach(WorkerPeer::start);
    return workers;
  }

  private List<RequesterPeer> startRequesters(int port) {
    int rate = Math.max(1, settings.rate() / REQUESTERS);
    int mostOwed = settings.rate() * SECONDS_OWED_AT_MOST;
    List<RequesterPeer> requesters = new ArrayList<>();
    for (int number = 1; number <= REQUESTERS; number++) {
      String name = "requester-" + number;
      requesters.add(open.add(new RequesterPeer(name, port, ledger, another(), rate, mostOwed)));
    }
    requesters.forEach(RequesterPeer::start);
    return requesters;
  }

  /** For a thread of its own. */
  private Random another() {
    return new Random(random.nextLong());
  }
}
