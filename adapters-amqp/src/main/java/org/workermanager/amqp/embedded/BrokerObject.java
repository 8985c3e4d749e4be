package org.workermanager.amqp.embedded;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One of the objects a running Qpid consists of (broker, port, virtual host, queue), with its
 * attributes and children.
 */
final class BrokerObject {

  private static final String MODEL = "org.apache.qpid.server.model.";

  private final ClassLoader classes;
  private final Mirror object;

  BrokerObject(ClassLoader classes, Object target) {
    this.classes = classes;
    this.object = new Mirror(Mirror.load(classes, MODEL + "ConfiguredObject"), target);
  }

  String name() {
    return attribute("name").orElseThrow();
  }

  /** The attribute's current value as text; empty where there is none. */
  Optional<String> attribute(String name) {
    return Optional.ofNullable(object.call("getAttribute", name)).map(Object::toString);
  }

  boolean isActive() {
    return attribute("state").filter("ACTIVE"::equals).isPresent();
  }

  void set(String attribute, Object value) {
    object.call("setAttributes", Map.of(attribute, value));
  }

  /** The children of a category, such as {@code Queue}. */
  List<BrokerObject> children(String category) {
    List<BrokerObject> children = new ArrayList<>();
    for (Object child :
        (Collection<?>) object.call("getChildren", Mirror.load(classes, MODEL + category))) {
      children.add(new BrokerObject(classes, child));
    }
    return children;
  }

  Optional<BrokerObject> child(String category, String name) {
    return children(category).stream().filter(child -> child.name().equals(name)).findFirst();
  }

  /** Creates a child from its attributes, and returns it. */
  BrokerObject create(String category, Map<String, Object> attributes) {
    Class<?> type = Mirror.load(classes, MODEL + category);
    return new BrokerObject(classes, object.call("createChild", type, attributes));
  }

  /** Of an exchange: has it pass messages on to the queue. */
  void bind(String queue) {
    Mirror exchange = new Mirror(Mirror.load(classes, MODEL + "Exchange"), object.target());
    exchange.call("bind", queue, "", Map.of(), false);
  }

  /** The same object, seen as one of another type that it has. */
  Mirror as(String type) {
    return object.other(type, object.target());
  }

  void delete() {
    object.call("delete");
  }

  /**
   * Has the action done for each child of a category created from now on, before its creator hears
   * that it exists. When the action fails, the creator is told that its arguments are wrong.
   */
  void onNewChild(String category, Consumer<BrokerObject> action) {
    Class<?> wanted = Mirror.load(classes, MODEL + category);
    Class<?> listener = Mirror.load(classes, MODEL + "ConfigurationChangeListener");
    InvocationHandler handler =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "childAdded" -> {
                if (wanted.isInstance(arguments[1])) {
                  attempt(action, new BrokerObject(classes, arguments[1]));
                }
                yield null;
              }
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              case "toString" -> "listener for " + category;
              default -> null;
            };
    object.call(
        "addChangeListener", Proxy.newProxyInstance(classes, new Class<?>[] {listener}, handler));
  }

  private static void attempt(Consumer<BrokerObject> action, BrokerObject child) {
    try {
      action.accept(child);
    } catch (EmbeddedBrokerException e) {
      // The one kind that Qpid answers; any other ends the thread that serves the connections.
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
