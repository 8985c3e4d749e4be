package org.workermanager.amqp.embedded;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * One Qpid broker from its start to its stop.
 *
 * <p>Both are done on a thread of our own, in a thread group of the broker's: what Qpid starts inherits the group, so that
 * all of it can be waited for, and the context class loader, through which Qpid looks for its plugins.
 */
final class Qpid {

  private static final String SERVER = "org.apache.qpid.server.";
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final ClassLoader classes;
  private final ThreadGroup threads;
  private final Mirror launcher;
  private final AtomicReference<Object> systemConfig = new AtomicReference<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  Qpid(ClassLoader classes, String name) {
    this.classes = classes;
    this.threads = new ThreadGroup(name);
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
        onOwnThread(() -> Mirror.create(Mirror.load(classes, SERVER + "SystemLauncher"), listener, ear));
  }

  /** Starts the broker; its parts may be in error all the same, see {@link BrokerObject#isActive}. */
  BrokerObject start(Map<String, Object> attributes) {
    onOwnThread(() -> launcher.call("startup", attributes));
    if (failure.get() != null) {
      throw new EmbeddedBrokerException("The embedded broker does not start: " + failure.get(), failure.get());
    }
    Mirror config = new Mirror(Mirror.load(classes, SERVER + "model.SystemConfig"), systemConfig.get());
    return new BrokerObject(classes, config.call("getContainer"));
  }

  /** Stops the broker, and returns when its last thread has ended; does nothing when it is stopped already. */
  void stop() {
    onOwnThread(() -> launcher.call("shutdown"));
    if (failure.get() != null) {
      throw new EmbeddedBrokerException("The embedded broker does not stop: " + failure.get(), failure.get());
    }
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    for (Thread[] left = threads(); left.length > 0; left = threads()) {
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (millis <= 0) {
        throw new EmbeddedBrokerException("The embedded broker does not stop: " + left[0] + " still runs");
      }
      join(left[0], millis);
    }
  }

  private Thread[] threads() {
    Thread[] all = new Thread[threads.activeCount() + 16];
    return java.util.Arrays.copyOf(all, threads.enumerate(all));
  }
}
