package org.workermanager.amqp.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/**
 * What Qpid is told at start: the objects in {@code broker.json} (one user, one AMQP port on
 * 127.0.0.1, one virtual host that keeps its messages, no management) and the values that it and
 * Qpid's defaults refer to.
 */
final class BrokerConfiguration {

  /**
   * RabbitMQ's frame size; Qpid offers its network buffer's size less the 8 bytes around a frame.
   */
  private static final int NETWORK_BUFFER_SIZE = 131_072 + 8;

  private static final int FREE_DISK = 100 * 1024 * 1024;

  private BrokerConfiguration() {}

  /**
   * Writes the files that Qpid reads, and returns the attributes to start it with. Both files are
   * given to Qpid as file URLs: its own kind of URL for resources works on the system class path
   * only.
   */
  static Map<String, Object> write(int port, String virtualHost, Path directory) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("type", "Memory");
    attributes.put("initialConfigurationLocation", copy("broker.json", directory));
    attributes.put("initialSystemPropertiesLocation", copy("system.properties", directory));
    attributes.put("startupLoggedToSystemOut", false);
    attributes.put("context", context(port, virtualHost, directory));
    return attributes;
  }

  private static String copy(String name, Path directory) {
    Path file = directory.resolve(name);
    try (InputStream resource = BrokerConfiguration.class.getResourceAsStream(name)) {
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EmbeddedBrokerException("The embedded broker cannot write " + file + ": " + e, e);
    }
    return file.toUri().toString();
  }

  private static Map<String, String> context(int port, String virtualHost, Path directory) {
    Map<String, String> context = new HashMap<>();
    context.put("embedded.port", Integer.toString(port));
    context.put("embedded.virtualHost", virtualHost);
    context.put("qpid.work_dir", directory.toString());
    context.put("qpid.broker.networkBufferSize", Integer.toString(NETWORK_BUFFER_SIZE));
    context.put("virtualhost.connectionThreadPool.size", "8");
    context.put("virtualhost.connectionThreadPool.numberOfSelectors", "1");
    // Messages kept from the last run come in while the first clients do.
    context.put("use_async_message_store_recovery", "true");
    // The store would stop at 5 GB left on the disk.
    context.put("je.freeDisk", Integer.toString(FREE_DISK));
    // Watching for deleted files needs JDK classes that are not in every start's module graph.
    context.put("je.log.detectFileDelete", "false");
    context.put("queue.behaviourOnUnknownDeclareArgument", "IGNORE");
    context.put("exchange.behaviourOnUnknownDeclareArgument", "IGNORE");
    // A message rejected without requeue is dead-lettered at once, or dropped where there is no
    // dead-letter queue.
    context.put("queue.maximumDeliveryAttempts", "1");
    context.put("queue.defaultExpiryPolicy", "ROUTE_TO_ALTERNATE");
    // Qpid takes a message's expiration, which is a time to live, for a point in time long past.
    // With an endless minimum such messages stay, rather than vanish at once; a queue's own
    // x-message-ttl still counts.
    context.put("queue.minimumMessageTtl", Long.toString(Long.MAX_VALUE));
    // Bodies go as they came, also to clients that could unpack them.
    context.put("connection.messageCompressionThresholdSize", Integer.toString(Integer.MAX_VALUE));
    return context;
  }
}
