package org.workermanager.amqp.embedded;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Qpid broker from its start to its stop.
 *
 * <p>Both are done on a thread of our own, in a thread group of the broker's: what Qpid starts
 * inherits the group, so that all of it can be waited for, and the context class loader, through
 * which Qpid looks for its plugins.
 */
final class Qpid {

  private static final Logger LOG = LoggerFactory.getLogger(Qpid.class);
  private static final String SERVER = "org.apache.qpid.server.";

  /** Long enough to read a big store after a crash; Qpid may lose the error that it failed on. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final ClassLoader classes;
  private final ThreadGroup threads = new BrokerThreads();
  private final Mirror launcher;
  private final AtomicReference<Object> systemConfig = new AtomicReference<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  Qpid(ClassLoader classes) {
    this.classes = classes;
    Class<?> listener = Mirror.load(classes, SERVER + "SystemLauncherListener");
    Object ear =
        Proxy.newProxyInstance(
            classes,
            new Class<?>[] {listener},
            (proxy, method, arguments) -> {
              hear(method.getName(), arguments);
              return null;
            });
    this.launcher =
        onOwnThread(
            () ->
                Mirror.create(
                    Mirror.load(classes, SERVER + "SystemLauncher"),
                    new Class<?>[] {listener},
                    ear));
  }

  /**
   * Starts the broker; its parts may be in error all the same, see {@link BrokerObject#isActive}.
   */
  BrokerObject start(Map<String, Object> attributes) {
    onOwnThread(() -> launcher.call("startup", attributes));
    throwFailure("The embedded broker does not start: ");
    Mirror config =
        new Mirror(Mirror.load(classes, SERVER + "model.SystemConfig"), systemConfig.get());
    Object broker = config.call("getContainer");
    removeShutdownHook(broker);
    return new BrokerObject(classes, broker);
  }

  /**
   * When the JVM ends, the broker should stop after those who use it. Qpid's own hook would stop it
   * at once, and is not to be had but from a private field.
   */
  private void removeShutdownHook(Object broker) {
    Mirror container = new Mirror(Mirror.load(classes, SERVER + "model.BrokerImpl"), broker);
    try {
      Runtime.getRuntime().removeShutdownHook((Thread) container.field("_shutdownHook"));
    } catch (IllegalStateException e) {
      LOG.debug("The JVM ends already", e);
    }
  }

  /**
   * Stops the broker, and returns when its last thread has ended; does nothing when it is stopped
   * already.
   */
  void stop() {
    onOwnThread(() -> launcher.call("shutdown"));
    throwFailure("The embedded broker does not stop: ");
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    for (List<Thread> left = threads(); !left.isEmpty(); left = threads()) {
      if (System.nanoTime() - deadline > 0) {
        throw new EmbeddedBrokerException(
            "The embedded broker does not stop: " + left.get(0) + " still runs");
      }
      join(left.get(0));
    }
  }

  private void hear(String event, Object[] arguments) {
    switch (event) {
      case "onContainerResolve" -> systemConfig.set(arguments[0]);
      case "errorOnStartup", "exceptionOnShutdown" -> failure.set((Exception) arguments[0]);
      default -> {}
    }
  }

  private void throwFailure(String what) {
    Exception cause = failure.getAndSet(null);
    if (cause != null) {
      throw new EmbeddedBrokerException(what + cause, cause);
    }
  }

  /**
   * The broker's live threads, without workers of the JVM's common pool that it happened to start.
   */
  private List<Thread> threads() {
    Thread[] all = new Thread[threads.activeCount() + 16];
    int count = threads.enumerate(all);
    return Stream.of(all)
        .limit(count)
        .filter(thread -> !(thread instanceof ForkJoinWorkerThread))
        .toList();
  }

  private <T> T onOwnThread(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            threads,
            () -> {
              try {
                result.complete(action.get());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            threads.getName());
    thread.setContextClassLoader(classes);
    thread.start();
    try {
      return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedBrokerException("Interrupted while waiting for the embedded broker", e);
    } catch (TimeoutException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker has not answered for " + PATIENCE.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EmbeddedBrokerException ours
          ? ours
          : new EmbeddedBrokerException(
              "The embedded broker failed: " + e.getCause(), e.getCause());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedBrokerException("Interrupted while the embedded broker stops", e);
    }
  }

  /**
   * Says what Qpid would print: it ends a thread, and with it perhaps all service, on what it did
   * not foresee.
   */
  private static final class BrokerThreads extends ThreadGroup {

    BrokerThreads() {
      super("embedded broker");
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
      LOG.error("The embedded broker has failed, and may not answer until it is started again", e);
    }
  }
}
