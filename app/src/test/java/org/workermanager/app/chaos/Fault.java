package org.workermanager.app.chaos;

import java.time.Duration;
import java.util.List;

/** Something that goes wrong for a while, and then is mended. */
sealed interface Fault {

  /** How long it lasts. */
  Duration duration();

  /** What it happens to: nothing else happens to that meanwhile. */
  String target();

  String text();

  /** Has it happen; returns when it is mended. */
  void strike(World world) throws Exception;

  /** A manager is killed, and started again. */
  record Kill(int manager, boolean renamed, Duration duration) implements Fault {
    @Override
    public String target() {
      return "manager-" + manager;
    }

    @Override
    public String text() {
      return "SIGKILL to %s, back %safter %s"
          .formatted(
              target(), renamed ? "under another instance id " : "", Times.seconds(duration));
    }

    @Override
    public void strike(World world) throws Exception {
      ManagerProcess struck = world.manager(manager);
      struck.kill();
      Patience.rest(duration);
      if (renamed) {
        struck.rename();
      }
      struck.start();
    }
  }

  /** A manager is told to end, as in an update, and started again. */
  record Terminate(int manager, Duration duration) implements Fault {
    @Override
    public String target() {
      return "manager-" + manager;
    }

    @Override
    public String text() {
      return "SIGTERM to %s, back %s after its end".formatted(target(), Times.seconds(duration));
    }

    @Override
    public void strike(World world) throws Exception {
      ManagerProcess struck = world.manager(manager);
      struck.terminate();
      Patience.rest(duration);
      struck.start();
    }
  }

  /** A manager stands still. */
  record Pause(int manager, Duration duration) implements Fault {
    @Override
    public String target() {
      return "manager-" + manager;
    }

    @Override
    public String text() {
      return "SIGSTOP to %s, SIGCONT after %s".formatted(target(), Times.seconds(duration));
    }

    @Override
    public void strike(World world) throws Exception {
      ManagerProcess struck = world.manager(manager);
      struck.pause();
      try {
        Patience.rest(duration);
      } finally {
        struck.resume();
      }
    }
  }

  /** The broker's application is stopped, and started again. */
  record StopBroker(Duration duration) implements Fault {
    @Override
    public String target() {
      return "the broker";
    }

    @Override
    public String text() {
      return "the broker's application is stopped for " + Times.seconds(duration);
    }

    @Override
    public void strike(World world) throws Exception {
      world.broker().stopApplication();
      try {
        Patience.rest(duration);
      } finally {
        world.broker().startApplication();
      }
    }
  }

  /** The broker stands still. */
  record PauseBroker(Duration duration) implements Fault {
    @Override
    public String target() {
      return "the broker";
    }

    @Override
    public String text() {
      return "SIGSTOP to the broker, SIGCONT after " + Times.seconds(duration);
    }

    @Override
    public void strike(World world) throws Exception {
      world.broker().pause();
      try {
        Patience.rest(duration);
      } finally {
        world.broker().resume();
      }
    }
  }

  /** The database crashes, and is started again. */
  record CrashDatabase(boolean killed, Duration duration) implements Fault {
    @Override
    public String target() {
      return "the database";
    }

    @Override
    public String text() {
      return "the database %s, back after %s"
          .formatted(killed ? "gets SIGKILL" : "is stopped at once", Times.seconds(duration));
    }

    @Override
    public void strike(World world) throws Exception {
      if (killed) {
        world.database().kill();
      } else {
        world.database().stopAtOnce();
      }
      try {
        Patience.rest(duration);
      } finally {
        world.database().start();
      }
    }
  }

  /** Something is wrong on a way through the network. */
  record Interfere(Way way, Interference interference, Duration duration) implements Fault {
    @Override
    public String target() {
      return way.text();
    }

    @Override
    public String text() {
      return "%s: %s for %s".formatted(way.text(), interference.text(), Times.seconds(duration));
    }

    @Override
    public void strike(World world) throws Exception {
      way.in(world).interfere(interference, duration);
    }
  }

  /** All workers of a type leave, and come back. */
  record SendHome(String workerType, Duration duration) implements Fault {
    @Override
    public String target() {
      return "workers " + workerType;
    }

    @Override
    public String text() {
      return "no %s worker for %s".formatted(workerType, Times.seconds(duration));
    }

    @Override
    public void strike(World world) throws Exception {
      List<WorkerPeer> sentHome =
          world.workers().stream()
              .filter(worker -> worker.workerType().equals(workerType))
              .toList();
      sentHome.forEach(WorkerPeer::goHome);
      try {
        Patience.rest(duration);
      } finally {
        sentHome.forEach(WorkerPeer::comeBack);
      }
    }
  }
}
