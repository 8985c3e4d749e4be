package org.workermanager.app.service;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.store.StoreUnavailableException;

/**
 * The two threads of a worker manager: one for what time brings, one that dispatches waiting
 * requests as soon as there is a reason to. Trouble with store or broker is not reported here:
 * whoever consumes reports it.
 */
final class Ticker {

  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Semaphore signal = new Semaphore(0);
  private Thread ticking;
  private Thread dispatching;

  /** Not by interrupting: H2 closes its file when a thread that uses it is interrupted. */
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** There may be waiting requests to dispatch; never blocks. */
  void wakeUp() {
    signal.release();
  }

  void start(WorkerManager manager) {
    ticking = start("worker-manager tick", () -> tick(manager));
    dispatching = start("worker-manager dispatch", () -> dispatch(manager));
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void tick(WorkerManager manager) {
    while (!isStopped()) {
      attempt(manager::tick);
      pause(TICK);
    }
  }

  private void dispatch(WorkerManager manager) {
    boolean more = false;
    while (!isStopped()) {
      try {
        if (!more) {
          signal.acquire();
        }
        signal.drainPermits();
        more = !isStopped() && manager.dispatchWaiting();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stopped.countDown();
      } catch (RuntimeException e) {
        report(e);
        more = true;
        pause(PAUSE_AFTER_TROUBLE);
      }
    }
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      report(e);
    }
  }

  private static void report(RuntimeException e) {
    if (e instanceof StoreUnavailableException || e instanceof BrokerUnavailableException) {
      LOG.debug("Not possible now", e);
    } else {
      LOG.error("An error that should not exist", e);
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

  /** Waits a little for what is in hand. */
  void stop() {
    stopped.countDown();
    signal.release();
    for (Thread thread : new Thread[] {ticking, dispatching}) {
      if (thread != null) {
        try {
          thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
