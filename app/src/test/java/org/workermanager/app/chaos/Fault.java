package org.workermanager.app.chaos;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Something that goes wrong for a while, and then is mended.
 *
 * @param target what it happens to: nothing else happens to that meanwhile
 * @param begins has it go wrong, and may take some of the while itself
 * @param lasts what passes between the two
 */
record Fault(String target, String text, Action begins, Duration lasts, Action mended) {

  /** What is done to the world. */
  @FunctionalInterface
  interface Action {
    void on(World world) throws Exception;
  }

  /** Has it happen; returns when it is mended. */
  void strike(World world) throws Exception {
    begins.on(world);
    try {
      Patience.rest(lasts);
    } finally {
      mended.on(world);
    }
  }

  @Override
  public String toString() {
    return text;
  }

  private static String manager(int number) {
    return "manager-" + number;
  }

  /** A manager is killed, and started again. */
  static Fault kill(int manager, boolean renamed, Duration lasts) {
    return new Fault(
        manager(manager),
        "SIGKILL to %s, back %safter %s"
            .formatted(
                manager(manager),
                renamed ? "under another instance id " : "",
                Times.seconds(lasts)),
        world -> world.manager(manager).kill(),
        lasts,
        world -> {
          if (renamed) {
            world.manager(manager).rename();
          }
          world.manager(manager).start();
        });
  }

  /** A manager is told to end, as in an update, and started again. */
  static Fault terminate(int manager, Duration lasts) {
    return new Fault(
        manager(manager),
        "SIGTERM to %s, back %s after its end".formatted(manager(manager), Times.seconds(lasts)),
        world -> world.manager(manager).terminate(),
        lasts,
        world -> world.manager(manager).start());
  }

  /** A manager stands still. */
  static Fault pause(int manager, Duration lasts) {
    return new Fault(
        manager(manager),
        "SIGSTOP to %s, SIGCONT after %s".formatted(manager(manager), Times.seconds(lasts)),
        world -> world.manager(manager).pause(),
        lasts,
        world -> world.manager(manager).resume());
  }

  /** The broker's application is stopped, and started again. */
  static Fault stopBroker(Duration lasts) {
    return new Fault(
        "the broker",
        "the broker's application is stopped for " + Times.seconds(lasts),
        world -> world.broker().stopApplication(),
        lasts,
        world -> world.broker().startApplication());
  }

  /** The broker stands still. */
  static Fault pauseBroker(Duration lasts) {
    return new Fault(
        "the broker",
        "SIGSTOP to the broker, SIGCONT after " + Times.seconds(lasts),
        world -> world.broker().pause(),
        lasts,
        world -> world.broker().resume());
  }

  /** The broker is short of memory: it reads nothing more from those who publish. */
  static Fault alarmBroker(Duration lasts) {
    return new Fault(
        "the broker",
        "the broker is short of memory for " + Times.seconds(lasts),
        world -> world.broker().alarm(),
        lasts,
        world -> world.broker().endAlarm());
  }

  /** The database gets SIGKILL, and is started again. */
  static Fault killDatabase(Duration lasts) {
    return new Fault(
        "the database",
        "the database gets SIGKILL, back after " + Times.seconds(lasts),
        world -> world.database().kill(),
        lasts,
        world -> world.database().start());
  }

  /** The database ends without tidying up, and is started again. */
  static Fault stopDatabase(Duration lasts) {
    return new Fault(
        "the database",
        "the database is stopped at once, back after " + Times.seconds(lasts),
        world -> world.database().stopAtOnce(),
        lasts,
        world -> world.database().start());
  }

  /** The database keeps nothing new. */
  static Fault makeDatabaseReadOnly(Duration lasts) {
    return new Fault(
        "the database",
        "the database is read-only for " + Times.seconds(lasts),
        world -> world.database().makeReadOnly(),
        lasts,
        world -> world.database().makeWritable());
  }

  static Fault betweenManagerAndBroker(int manager, Interference interference, Duration duration) {
    return interfere(
        manager(manager) + " to the broker",
        world -> world.manager(manager).toBroker(),
        interference,
        duration);
  }

  static Fault betweenManagerAndDatabase(
      int manager, Interference interference, Duration duration) {
    return interfere(
        manager(manager) + " to the database",
        world -> world.manager(manager).toDatabase(),
        interference,
        duration);
  }

  static Fault betweenPeersAndBroker(Interference interference, Duration duration) {
    return interfere(
        "requesters and workers to the broker", World::peersToBroker, interference, duration);
  }

  /** Something is wrong on a way through the network. */
  private static Fault interfere(
      String way, Function<World, TcpProxy> proxy, Interference interference, Duration duration) {
    return new Fault(
        way,
        "%s: %s for %s".formatted(way, interference.text, Times.seconds(duration)),
        world -> proxy.apply(world).interfere(interference, duration),
        Duration.ZERO,
        world -> {});
  }

  /** All workers of a type leave, and come back. */
  static Fault sendHome(String workerType, Duration lasts) {
    return new Fault(
        "workers " + workerType,
        "no %s worker for %s".formatted(workerType, Times.seconds(lasts)),
        world -> workers(world, workerType).forEach(WorkerPeer::goHome),
        lasts,
        world -> workers(world, workerType).forEach(WorkerPeer::comeBack));
  }

  private static List<WorkerPeer> workers(World world, String workerType) {
    return world.workers().stream()
        .filter(worker -> worker.workerType().equals(workerType))
        .toList();
  }
}
