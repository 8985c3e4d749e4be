package org.workermanager.amqp.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Dead letters as RabbitMQ has them, as far as the protocol goes: a queue declared with {@code
 * x-dead-letter-routing-key} passes rejected and expired messages to the queue of that name,
 * whether that queue exists already or comes later.
 *
 * <p>RabbitMQ publishes them to the dead-letter exchange with that key. Qpid would publish them
 * with their original key, so the exchange is left out; in the protocol each such key is bound to
 * the queue it names. Qpid adds no {@code x-death}.
 *
 * <p>Not thread-safe: Qpid creates a virtual host's queues on one thread.
 */
final class DeadLettering {

  /**
   * Where the routing key waits between the declaration and us: an attribute of a queue that means
   * nothing to Qpid.
   */
  static final String KEY_ATTRIBUTE = "description";

  private final BrokerObject virtualHost;
  private final Map<String, List<BrokerObject>> waiting = new HashMap<>();

  private DeadLettering(BrokerObject virtualHost) {
    this.virtualHost = virtualHost;
  }

  /** Looks after the virtual host's queues, those that are there and those that come. */
  static void install(BrokerObject virtualHost) {
    DeadLettering deadLettering = new DeadLettering(virtualHost);
    virtualHost.children("Queue").forEach(deadLettering::connect);
    virtualHost.onNewChild("Queue", deadLettering::connect);
  }

  private void connect(BrokerObject queue) {
    String name = queue.name();
    queue
        .attribute(KEY_ATTRIBUTE)
        .ifPresent(
            target -> {
              if (exists(target)) {
                send(queue, target);
              } else {
                waiting.computeIfAbsent(target, key -> new ArrayList<>()).add(queue);
              }
            });
    List<BrokerObject> waitingForThis = waiting.remove(name);
    if (waitingForThis != null) {
      waitingForThis.forEach(other -> send(other, name));
    }
  }

  private boolean exists(String queue) {
    return virtualHost.children("Queue").stream().anyMatch(other -> other.name().equals(queue));
  }

  private static void send(BrokerObject deadLettersOf, String queue) {
    deadLettersOf.set("alternateBinding", Map.of("destination", queue));
  }
}
