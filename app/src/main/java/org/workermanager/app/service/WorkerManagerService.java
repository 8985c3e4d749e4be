package org.workermanager.app.service;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.AmqpAdapter;
import org.workermanager.amqp.connection.ConsumingListener;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.domain.Ports;
import org.workermanager.domain.Settings;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.store.StoreException;
import org.workermanager.domain.store.StoreRefusedException;
import org.workermanager.domain.store.StoreUnavailableException;
import org.workermanager.jdbc.DatabaseNotUsableException;
import org.workermanager.jdbc.JdbcStores;

/**
 * A complete worker manager: a database, a broker, the domain between them, and the threads. For
 * the command line and for programs that embed one: make it, {@link #start} it, {@link #close} it.
 *
 * <p>A database or broker that is not there, or goes away, is waited for, for ever, with one line
 * of log for each problem. Thread-safe.
 */
public final class WorkerManagerService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerManagerService.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ServiceSettings settings;
  private final ServiceListener listener;
  private final AmqpAdapter broker;
  private final Ticker ticker = new Ticker();
  private final Thread starting = new Thread(this::connect, "worker-manager start");
  private final AtomicBoolean ready = new AtomicBoolean();

  /** Not by interrupting: H2 closes its file when a thread that uses it is interrupted. */
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile JdbcStores stores;
  private volatile WorkerManager manager;
  private volatile boolean begun;

  public WorkerManagerService(ServiceSettings settings, ServiceListener listener) {
    this.settings = requireNonNull(settings, "settings");
    this.listener = requireNonNull(listener, "listener");
    this.broker = new AmqpAdapter(settings.amqp(), InstantSource.system());
    starting.setDaemon(true);
  }

  /**
   * Begins; returns at once. The listener is told when it is ready.
   *
   * @throws IllegalStateException if it was started or closed before: make another
   */
  public synchronized void start() {
    if (isClosing() || starting.getState() != Thread.State.NEW) {
      throw new IllegalStateException(
          isClosing() ? "The service is closed" : "The service has been started already");
    }
    starting.start();
  }

  /**
   * The worker manager, for its inbound port. Null before the service is started and until the
   * database has answered for the first time, never once the listener has heard that it is ready;
   * of use until the service is closed.
   */
  public WorkerManager manager() {
    return manager;
  }

  private void connect() {
    Duration pause = FIRST_PAUSE;
    String lastProblem = null;
    while (!isClosing()) {
      try {
        open();
        return;
      } catch (DatabaseNotUsableException e) {
        if (e.isLasting()) {
          listener.failed("Cannot start: " + e.getMessage());
          return;
        }
        lastProblem = warn(e.getMessage(), lastProblem);
      } catch (StoreUnavailableException e) {
        closeStores();
        lastProblem = warn(e.getMessage(), lastProblem);
      } catch (RuntimeException e) {
        closeStores();
        if (!isClosing() && !e.toString().equals(lastProblem)) {
          LOG.error("An error that should not exist; trying again until it works", e);
          lastProblem = e.toString();
        }
      }
      sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  private String warn(String problem, String lastProblem) {
    if (!isClosing() && !problem.equals(lastProblem)) {
      LOG.warn("{}. Trying again until it works", problem);
    }
    return problem;
  }

  private void open() {
    stores = JdbcStores.open(settings.database());
    WorkerManager created =
        new WorkerManager(
            domainSettings(),
            new Ports(
                stores.stores(),
                broker.publisher(),
                new LoggingMonitor(),
                InstantSource.system(),
                System::nanoTime,
                new SecureRandom(),
                ticker::wakeUp));
    if (settings.brokerForgets() && settings.database().isExclusive()) {
      created.brokerForgot();
    }
    manager = created;
    serve(created);
  }

  private Settings domainSettings() {
    Settings usual =
        Settings.ofInstance(settings.amqp().instance())
            .withHeartbeatExpiry(settings.amqp().heartbeatExpiry());
    return settings.deadLetterResponses() ? usual : usual.withoutDeadLetterResponses();
  }

  /** Unless it was closed meanwhile: then nobody else is left to close what was opened. */
  private synchronized void serve(WorkerManager created) {
    if (isClosing()) {
      closeStores();
      return;
    }
    ticker.startRenewing(created);
    broker.start(
        created,
        new ConsumingListener() {
          @Override
          public boolean claimed() {
            created.listening();
            return begun || begin(created);
          }

          @Override
          public void consuming() {
            if (ready.compareAndSet(false, true)) {
              listener.ready();
            }
          }

          @Override
          public void instanceInUse(String problem) {
            if (begun) {
              LOG.warn("Either {}, or the broker has not noticed yet that we lost it", problem);
            } else {
              listener.failed("Cannot start: " + problem + ".");
            }
          }
        });
  }

  /**
   * Only now that the instance id is known to be ours alone: another process of the same name would
   * lose what it has in hand.
   */
  private boolean begin(WorkerManager created) {
    String tenant = null;
    try {
      created.start();
      if (settings.database().isExclusive()) {
        created.takeUpAll();
      }
      for (Map.Entry<String, ConfigurationFile> each : settings.configurations().entrySet()) {
        tenant = each.getKey();
        created.configureAtStart(tenant, each.getValue().update(), each.getValue().fingerprint());
      }
      settings.tenants().forEach(created.operator()::serve);
      ticker.start(created);
      begun = true;
      return true;
    } catch (InvalidConfigurationException e) {
      listener.failed(
          "The configuration of tenant '%s' is refused:\n  %s"
              .formatted(tenant, String.join("\n  ", e.errors())));
    } catch (StoreRefusedException e) {
      listener.failed("Cannot start: " + e.getMessage());
    }
    return false;
  }

  /**
   * For others, and for the next process of this name, there is nothing to wait for then. A
   * database that does not answer is left alone: there the lease runs out.
   */
  private void endLease() {
    WorkerManager created = manager;
    if (created == null || stores == null) {
      return;
    }
    Thread ending =
        new Thread(
            () -> {
              try {
                created.end();
              } catch (StoreException e) {
                LOG.debug("The lease is left to run out", e);
              }
            },
            "worker-manager end");
    ending.setDaemon(true);
    ending.start();
    await(ending);
  }

  private static void await(Thread thread) {
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void sleep(Duration time) {
    try {
      closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  private synchronized void closeStores() {
    JdbcStores opened = stores;
    if (opened != null) {
      opened.close();
      stores = null;
    }
  }

  /**
   * Stops consuming, finishes what is in hand, and lets go of broker and database. Takes up to 15
   * seconds where they do not answer, most of it for connections to a silent database.
   */
  @Override
  public void close() {
    closing.countDown();
    await(starting);
    letGo();
  }

  private synchronized void letGo() {
    broker.close();
    ticker.stop();
    endLease();
    closeStores();
  }
}
