package org.workermanager.app.service;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.WorkerManager;

/**
 * The threads of a worker manager: one for what time brings, one that renews its lease, whatever
 * the others wait for, one that looks for overdue requests, one that dispatches waiting requests as
 * soon as there is a reason to.
 */
final class Ticker {

  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Semaphore signal = new Semaphore(0);
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  /** Not by interrupting: H2 closes its file when a thread that uses it is interrupted. */
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** There may be waiting requests to dispatch; never blocks. */
  void wakeUp() {
    signal.release();
  }

  /**
   * Before the manager starts, which takes long where there is much to take up. This one says
   * whether the database can be used, for it writes every time.
   */
  void startRenewing(WorkerManager manager) {
    threads.add(
        start(
            "worker-manager lease",
            () -> repeat(manager::renewLease, WorkerManager.RENEWAL, true)));
  }

  void start(WorkerManager manager) {
    threads.add(start("worker-manager tick", () -> repeat(manager::tick, TICK, false)));
    threads.add(
        start(
            "worker-manager overdue", () -> repeat(manager::lookForOverdue, BETWEEN_LOOKS, false)));
    threads.add(start("worker-manager dispatch", () -> dispatch(manager)));
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void repeat(Runnable task, Duration pause, boolean reportsStore) {
    Troubles troubles = new Troubles(LOG, reportsStore);
    while (!isStopped()) {
      try {
        task.run();
        troubles.over();
      } catch (RuntimeException | Error e) {
        report(troubles, e);
      }
      pause(pause);
    }
  }

  private void dispatch(WorkerManager manager) {
    Troubles troubles = new Troubles(LOG, false);
    boolean more = false;
    while (!isStopped()) {
      try {
        if (!more) {
          signal.acquire();
        }
        signal.drainPermits();
        more = !isStopped() && manager.dispatchWaiting();
        troubles.over();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stopped.countDown();
      } catch (RuntimeException | Error e) {
        report(troubles, e);
        more = true;
        pause(PAUSE_AFTER_TROUBLE);
      }
    }
  }

  /** What fails because everything stops is no trouble. */
  private void report(Troubles troubles, Throwable trouble) {
    if (!isStopped()) {
      troubles.met(trouble);
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void pause(Duration time) {
    try {
      stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }

  /** Waits a little for what is in hand, whatever the number of threads. */
  void stop() {
    stopped.countDown();
    signal.release();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Thread thread : threads) {
      try {
        // at least 1: none is for ever
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
