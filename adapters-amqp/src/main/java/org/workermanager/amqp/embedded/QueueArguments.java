package org.workermanager.amqp.embedded;

import java.lang.reflect.Field;
import java.util.Map;

/**
 * Teaches Qpid the queue arguments that RabbitMQ's clients declare queues with, by adding to its
 * table from argument to attribute. The table is not public; there is no other way short of a Qpid
 * plugin compiled against Qpid.
 */
final class QueueArguments {

  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "x-max-priority", "priorities",
          "x-message-ttl", "maximumMessageTtl",
          "x-dead-letter-routing-key", DeadLettering.KEY_ATTRIBUTE);

  private QueueArguments() {}

  /** Adds the arguments for all brokers of this class loader, once. */
  static synchronized void teach(ClassLoader classes) {
    Class<?> converter =
        Mirror.load(classes, "org.apache.qpid.server.queue.QueueArgumentsConverter");
    try {
      Field table = converter.getDeclaredField("ATTRIBUTE_MAPPINGS");
      table.setAccessible(true);
      @SuppressWarnings("unchecked")
      Map<String, String> known = (Map<String, String>) table.get(null);
      // A broker that runs already may be reading: what is there is not put again.
      ATTRIBUTES.forEach(known::putIfAbsent);
    } catch (ReflectiveOperationException e) {
      throw new EmbeddedBrokerException(
          "This version of Apache Qpid Broker-J keeps its queue arguments elsewhere", e);
    }
  }
}
