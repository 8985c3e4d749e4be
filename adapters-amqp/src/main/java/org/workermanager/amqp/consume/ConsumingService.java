package org.workermanager.amqp.consume;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.connection.AmqpErrors;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.ConsumingListener;
import org.workermanager.amqp.connection.InboundLimit;
import org.workermanager.amqp.connection.SaidProblems;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.publish.ConfirmedPublisher;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.store.StoreUnavailableException;

/**
 * Keeps a worker manager connected and consuming, on a thread of its own: connects, declares,
 * consumes; and when broker or store is lost hands the deliveries back, once, and begins again when
 * both answer. Says so once each way.
 */
public final class ConsumingService {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumingService.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /**
   * How long a batch in hand may take to finish when consuming stops: less than the 10 s that a
   * stop may take.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration LOOK_FOR_QUEUES = Duration.ofSeconds(5);

  /**
   * Of messages that wait to be handled; the rest waits on the broker. In a small heap less than
   * one of the largest that are usually taken: so these come one by one, and there is room to
   * handle them.
   */
  private static final long MOST_BYTES =
      Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

  private static final int ABORT_MILLIS = 2_000;
  private static final int LAST_PATIENCE_MILLIS = 1_000;

  private final AmqpSettings settings;
  private final Topology topology;
  private final WorkerManager manager;
  private final ConfirmedPublisher publisher;
  private final SetAsideWriter setAside;
  private final ConsumingListener listener;
  private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "worker-manager amqp");

  /** Not by interrupting: a store may not take it well; H2 closes its file then. */
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Null while there is none. */
  private volatile Connection publishing;

  /** The embedded broker is restarted with the process, and only then. */
  private boolean hasConsumed;

  private final SaidProblems said = new SaidProblems();
  private Duration pause = FIRST_PAUSE;
  private String lastError;

  public ConsumingService(
      AmqpSettings settings,
      Topology topology,
      WorkerManager manager,
      ConfirmedPublisher publisher,
      SetAsideWriter setAside,
      ConsumingListener listener) {
    this.settings = settings;
    this.topology = topology;
    this.manager = manager;
    this.publisher = publisher;
    this.setAside = setAside;
    this.listener = listener;
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Stops consuming, finishes what is in hand, disconnects; returns when that is done or has taken
   * too long.
   */
  public void stop() {
    stopped.countDown();
    troubles.add(new IOException("Stopped"));
    try {
      thread.join(PATIENCE.toMillis());
      Connection stuck = publishing;
      if (stuck != null) {
        // whatever waits for the broker to take messages, waits no more; but for this itself, while
        // a message is stuck half sent
        Thread ending =
            new Thread(() -> stuck.abort(LAST_PATIENCE_MILLIS / 2), "worker-manager amqp end");
        ending.setDaemon(true);
        ending.start();
        thread.join(LAST_PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isStopped()) {
      try {
        connectAndConsume();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stopped.countDown();
      } catch (InstanceInUseException e) {
        if (isNew(e.getMessage())) {
          listener.instanceInUse(e.getMessage());
        }
      } catch (IOException | TimeoutException | ShutdownSignalException e) {
        problem("Broker at " + settings.broker() + ": ", AmqpErrors.describe(e));
      } catch (RuntimeException | Error e) {
        unforeseen(e);
      }
      sleep();
    }
  }

  private void connectAndConsume() throws IOException, TimeoutException, InterruptedException {
    String name = "worker-manager " + settings.instance();
    // publishing has a connection of its own: a broker short of memory stops reading from those
    // that publish
    publishing = settings.broker().connect(name + " publishing");
    try {
      InboundLimit limit = new InboundLimit(MOST_BYTES);
      Connection consuming =
          settings
              .broker()
              .connect(name + " consuming", limit, settings.limits().of(MessageLimit.BODY));
      try {
        publishing.addShutdownListener(troubles::add);
        consuming.addShutdownListener(troubles::add);
        publisher.use(publishing);
        while (!isStopped() && publishing.isOpen() && consuming.isOpen()) {
          try {
            consumeUntilTrouble(consuming, limit);
          } catch (StoreUnavailableException | BrokerUnavailableException e) {
            problem("", e.getMessage());
          }
          if (publishing.isOpen() && consuming.isOpen()) {
            sleep();
          }
        }
      } finally {
        consuming.abort(ABORT_MILLIS);
      }
    } finally {
      publisher.use(null);
      publishing.abort(ABORT_MILLIS);
      publishing = null;
    }
  }

  private void consumeUntilTrouble(Connection consuming, InboundLimit limit)
      throws IOException, InterruptedException {
    // what is lost from now on is trouble; what was lost before shows itself
    troubles.clear();
    publisher.awaitReady();
    if (isStopped() || !publishing.isOpen()) {
      return;
    }
    manager.check();
    // every time: the heartbeat queue goes when it is consumed no more, and any may have been
    // deleted
    topology.declareForManager(consuming, settings.instance(), settings.heartbeatExpiry());
    Consumers consumers =
        new Consumers(
            consuming,
            publisher,
            setAside,
            settings.prefetch(),
            limit,
            settings.limits(),
            !hasConsumed && EmbeddedBroker.isBehind(consuming),
            troubles::add);
    try {
      consumers.claim(manager, settings.instance());
      if (!listener.claimed()) {
        stopped.countDown();
        return;
      }
      consumers.start(manager);
      hasConsumed = true;
      LOG.info(
          "Consuming from the broker at {} as instance {}", settings.broker(), settings.instance());
      said.over();
      listener.consuming();
      long since = System.nanoTime();
      Throwable trouble = awaitTrouble();
      if (System.nanoTime() - since > LONGEST_PAUSE.toNanos()) {
        // a trouble of its own, and not the one that ended consuming the last time
        pause = FIRST_PAUSE;
        lastError = null;
      }
      report(trouble);
    } finally {
      consumers.stop(PATIENCE);
    }
  }

  /**
   * Looks for the queues now and then on the embedded broker, which does not tell when one is
   * deleted; on the connection whose answers are always read.
   */
  private Throwable awaitTrouble() throws IOException, InterruptedException {
    Throwable trouble = null;
    while (trouble == null) {
      trouble = troubles.poll(LOOK_FOR_QUEUES.toMillis(), TimeUnit.MILLISECONDS);
      if (trouble == null && EmbeddedBroker.isBehind(publishing)) {
        Topology.requireQueues(publishing, Consumers.queues(settings.instance()));
      }
    }
    return trouble;
  }

  private void report(Throwable trouble) {
    if (trouble instanceof StoreUnavailableException
        || trouble instanceof BrokerUnavailableException
        || trouble instanceof IOException
        || trouble instanceof ShutdownSignalException) {
      problem("Consuming stopped: ", describe(trouble));
    } else {
      unforeseen(trouble);
    }
  }

  /** A database that nobody reaches has causes like a broker's, and is not to be taken for one. */
  static String describe(Throwable trouble) {
    return trouble instanceof StoreUnavailableException
        ? trouble.getMessage()
        : AmqpErrors.describe(trouble);
  }

  private void unforeseen(Throwable error) {
    if (!error.toString().equals(lastError)) {
      lastError = error.toString();
      LOG.error(
          "Consuming stopped over an error that should not exist; it is taken up again", error);
    }
  }

  private void problem(String prefix, String text) {
    if (isNew(text)) {
      LOG.warn("{}{}. Trying again until it works", prefix, text);
    }
  }

  /** Each new problem is said once, however often it is met. */
  private boolean isNew(String problem) {
    return !isStopped() && said.isNew(problem);
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void sleep() {
    try {
      stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
    pause = pause.multipliedBy(2);
    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
