package org.workermanager.amqp.embedded;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** One Qpid broker from its start to its stop. */
final class Qpid {

  private static final String SERVER = "org.apache.qpid.server.";

  private final ClassLoader classes;
  private final Mirror launcher;
  private final AtomicReference<Object> systemConfig = new AtomicReference<>();
  private final AtomicReference<RuntimeException> startFailure = new AtomicReference<>();

  Qpid(ClassLoader classes) {
    this.classes = classes;
    Class<?> listener = Mirror.load(classes, SERVER + "SystemLauncherListener");
    Object listening =
        Proxy.newProxyInstance(classes, new Class<?>[] {listener}, (proxy, method, arguments) -> hear(method.getName(), arguments));
    this.launcher =
        inContext(() -> Mirror.create(Mirror.load(classes, SERVER + "SystemLauncher"), new Class<?>[] {listener}, listening));
  }

  /** Starts the broker; its parts may be in error all the same, see {@link BrokerObject#isActive}. */
  BrokerObject start(Map<String, Object> attributes) {
    inContext(() -> launcher.call("startup", attributes));
    if (startFailure.get() != null) {
      throw new EmbeddedBrokerException("The embedded broker does not start: " + startFailure.get(), startFailure.get());
    }
    Mirror config = new Mirror(Mirror.load(classes, SERVER + "model.SystemConfig"), systemConfig.get());
    return new BrokerObject(classes, config.call("getContainer"));
  }

  void stop() {
    inContext(() -> launcher.call("shutdown"));
  }

  private Object hear(String event, Object[] arguments) {
    switch (event) {
      case "onContainerResolve" -> systemConfig.set(arguments[0]);
      case "errorOnStartup" -> startFailure.set((RuntimeException) arguments[0]);
      default -> {}
    }
    return null;
  }

  /** Qpid finds its plugins through the context class loader, which its threads inherit. */
  private <T> T inContext(Supplier<T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
