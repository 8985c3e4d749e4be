package org.workermanager.amqp.embedded;

import java.util.Map;

/**
 * Dead letters as RabbitMQ has them, as far as the protocol goes: a queue declared with {@code
 * x-dead-letter-routing-key} passes rejected and expired messages to the queue of that name, if
 * there is one.
 *
 * <p>RabbitMQ publishes them to the dead-letter exchange with that key. Qpid has an alternate
 * destination for each queue, and would publish them to it with their original key. So for each
 * dead-letter key there is a fanout exchange of ours, bound to the queue which the key names: that
 * works whoever declares first, and leaves that queue free to be deleted, as a direct alternate is
 * not. Qpid adds no {@code x-death}.
 */
final class DeadLettering {

  /**
   * Where the key waits between the declaration and us: an attribute of queues that means nothing
   * to Qpid.
   */
  static final String KEY_ATTRIBUTE = "description";

  private static final String EXCHANGE_PREFIX = "dead-letters-to.";

  private final BrokerObject virtualHost;

  private DeadLettering(BrokerObject virtualHost) {
    this.virtualHost = virtualHost;
  }

  /** Looks after the virtual host's queues from now on. */
  static void install(BrokerObject virtualHost) {
    virtualHost.onNewChild("Queue", new DeadLettering(virtualHost)::connect);
  }

  private void connect(BrokerObject queue) {
    virtualHost
        .child("Exchange", EXCHANGE_PREFIX + queue.name())
        .ifPresent(exchange -> exchange.bind(queue.name()));
    queue
        .attribute(KEY_ATTRIBUTE)
        .ifPresent(
            key -> queue.set("alternateBinding", Map.of("destination", exchangeTo(key).name())));
  }

  private BrokerObject exchangeTo(String queue) {
    String name = EXCHANGE_PREFIX + queue;
    return virtualHost.child("Exchange", name).orElseGet(() -> createExchange(name, queue));
  }

  private BrokerObject createExchange(String name, String queue) {
    BrokerObject exchange =
        virtualHost.create("Exchange", Map.of("name", name, "type", "fanout", "durable", true));
    virtualHost.child("Queue", queue).ifPresent(existing -> exchange.bind(queue));
    return exchange;
  }
}
