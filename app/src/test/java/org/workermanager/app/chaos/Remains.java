package org.workermanager.app.chaos;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is left in the database and on the broker.
 *
 * @param held the requests that are held, without their contents
 * @param openBatches the rows
 * @param queued queues in which there is something
 * @param expiredBeats how many heartbeats were too old when somebody could have taken them
 * @param deadLetters what was set aside otherwise
 */
record Remains(
    List<String> held,
    List<String> openBatches,
    List<String> queued,
    int expiredBeats,
    List<String> deadLetters) {

  /** Whether nobody has anything to do any more. */
  static boolean isDone(World world) throws Exception {
    OwnPostgreSql database = world.database();
    return held(database).isEmpty()
        && openBatches(database).isEmpty()
        && queued(world.broker()).isEmpty();
  }

  static Remains find(World world) throws Exception {
    List<String> deadLetters = new ArrayList<>();
    int expiredBeats = 0;
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(world.broker().port());
    factory.setVirtualHost(Wire.VIRTUAL_HOST);
    try (Connection connection = factory.newConnection("remains")) {
      Channel channel = connection.createChannel();
      for (GetResponse next = channel.basicGet(Wire.DEAD_LETTERS, true);
          next != null;
          next = channel.basicGet(Wire.DEAD_LETTERS, true)) {
        if (isExpiredBeat(next.getProps().getHeaders())) {
          expiredBeats++;
        } else {
          deadLetters.add(text(next));
        }
      }
    }
    return new Remains(
        held(world.database()),
        openBatches(world.database()),
        queued(world.broker()),
        expiredBeats,
        deadLetters);
  }

  private static List<String> held(OwnPostgreSql database) throws Exception {
    return database.query(
        "SELECT (to_jsonb(r) - 'content' - 'original_content')::text FROM request r ORDER BY id");
  }

  private static List<String> openBatches(OwnPostgreSql database) throws Exception {
    return database.query("SELECT b::text FROM open_batch b");
  }

  /** All but what is set aside, and the beats, which come all the time. */
  private static List<String> queued(OwnRabbitMq broker) throws Exception {
    return broker.queues().stream()
        .filter(
            queue ->
                !queue.startsWith(Wire.DEAD_LETTERS + "\t") && !queue.startsWith(Wire.HEARTBEATS))
        .filter(queue -> !queue.matches("[^\t]+\t0\t0\t.*"))
        .toList();
  }

  private static boolean isExpiredBeat(Map<String, Object> headers) {
    return headers != null
        && String.valueOf(headers.get("x-first-death-queue")).startsWith(Wire.HEARTBEATS)
        && String.valueOf(headers.get("x-first-death-reason")).equals("expired");
  }

  private static String text(GetResponse message) {
    String body = new String(message.getBody(), StandardCharsets.UTF_8);
    return "%s %s".formatted(message.getProps().getHeaders(), body);
  }
}
