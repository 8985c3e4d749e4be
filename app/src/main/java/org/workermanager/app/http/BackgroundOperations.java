package org.workermanager.app.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.Operator;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.operation.OperationProgress;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.StoreException;

/**
 * Retries and deletes, one after the other, on a thread of its own; remembers what came of the
 * latest. Thread-safe.
 */
final class BackgroundOperations implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundOperations.class);

  /** How many are remembered, and how many may be under way. */
  private static final int REMEMBERED = 100;

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAGE = Duration.ofSeconds(2);
  private static final OperationProgress NOTHING_YET = new OperationProgress(0, 0, 0, 0, List.of());

  private final InstantSource clock;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread created = new Thread(task, "worker-manager operations");
            created.setDaemon(true);
            return created;
          });

  /** In the order in which they were begun; guarded by this. */
  private final Map<String, OperationReport> reports = new LinkedHashMap<>();

  private final CountDownLatch closing = new CountDownLatch(1);

  BackgroundOperations(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Begins one, or has it wait for those before it.
   *
   * @throws Problem if too many wait, or it is closed
   */
  synchronized OperationReport begin(
      OperationKind kind, Operator operator, String tenant, RequestFilter filter) {
    long running = reports.values().stream().filter(OperationReport::isRunning).count();
    if (isClosing()) {
      throw Problem.unavailable("The manager is being stopped.");
    } else if (running >= REMEMBERED) {
      throw Problem.unavailable("There are " + running + " operations to be done before.");
    }
    Instant now = clock.instant();
    OperationReport begun =
        new OperationReport(
            UUID.randomUUID().toString(),
            tenant,
            kind,
            OperationReport.State.RUNNING,
            null,
            now,
            null,
            NOTHING_YET);
    reports.put(begun.id(), begun);
    forgetOldest();
    // what comes while it waits for others is not meant
    RequestFilter meant = running == 0 ? filter : filter.createdUntil(now);
    thread.execute(new Run(begun, operator, meant));
    return begun;
  }

  private void forgetOldest() {
    reports.values().removeIf(report -> reports.size() > REMEMBERED && !report.isRunning());
  }

  /** Those of a tenant, the latest first. */
  synchronized List<OperationReport> of(String tenant) {
    List<OperationReport> found =
        new ArrayList<>(
            reports.values().stream().filter(report -> report.tenant().equals(tenant)).toList());
    Collections.reverse(found);
    return found;
  }

  synchronized Optional<OperationReport> find(String tenant, String id) {
    return Optional.ofNullable(reports.get(id)).filter(report -> report.tenant().equals(tenant));
  }

  private synchronized void update(String id, UnaryOperator<OperationReport> change) {
    reports.computeIfPresent(id, (same, report) -> change.apply(report));
  }

  /** Has what is going on end after the page in hand, and nothing else begin. */
  @Override
  public void close() {
    synchronized (this) {
      // none is begun between the two
      closing.countDown();
      thread.shutdown();
    }
    try {
      // not by interrupting: H2 closes its file when a thread that uses it is interrupted
      if (!thread.awaitTermination(LONGEST_PAGE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A retry or delete is still at work on its page");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Else nothing would tell later who is gone: a manager forgets its operations when it stops. */
  private static void log(OperationReport ended) {
    OperationProgress progress = ended.progress();
    LOG.info(
        "{} {} of tenant {}: {}; {} requests done, {} waiting, {} refused",
        ended.kind(),
        ended.id(),
        ended.tenant(),
        ended.state(),
        progress.done(),
        progress.waiting(),
        progress.refused());
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void pause() {
    try {
      closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  /** One operation, when its turn has come. */
  private final class Run implements Runnable, OperationListener {

    private final OperationReport begun;
    private final Operator operator;
    private final RequestFilter filter;
    private OperationProgress last;
    private boolean stopped;

    Run(OperationReport begun, Operator operator, RequestFilter filter) {
      this.begun = begun;
      this.operator = operator;
      this.filter = filter;
    }

    @Override
    public boolean progressed(OperationProgress progress) {
      if (progress.equals(last)) {
        // some requests are still moving
        pause();
      }
      last = progress;
      update(begun.id(), report -> report.at(progress));
      stopped = isClosing();
      return !stopped;
    }

    @Override
    public void run() {
      stopped = isClosing();
      if (stopped) {
        end(OperationReport.State.STOPPED, null);
        return;
      }
      try {
        OperationProgress all =
            switch (begun.kind()) {
              case RETRY -> operator.retry(begun.tenant(), filter, this);
              case DELETE -> operator.delete(begun.tenant(), filter, this);
            };
        update(begun.id(), report -> report.at(all));
        end(stopped ? OperationReport.State.STOPPED : OperationReport.State.DONE, null);
      } catch (StoreException | BrokerUnavailableException | IllegalArgumentException e) {
        end(OperationReport.State.FAILED, e.getMessage());
      } catch (RuntimeException | Error e) {
        LOG.error("An error that should not exist ended a {}", begun.kind(), e);
        end(
            OperationReport.State.FAILED,
            "An error that should not exist; the manager's log has it.");
      }
    }

    private void end(OperationReport.State as, String reason) {
      Instant at = clock.instant();
      update(begun.id(), report -> report.ended(as, reason, at));
      find(begun.tenant(), begun.id()).ifPresent(BackgroundOperations::log);
    }
  }
}
