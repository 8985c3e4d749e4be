package org.workermanager.app.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** All responses of all managers, as they come. */
final class Responses {

  private static final String EXCHANGE =
      "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events.out.ResponseEvent";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A response, and which manager says that it is its author. */
  private record Response(String author, String requestId, String state) {}

  private final ObjectMapper json = new ObjectMapper();
  private final Queue<Response> heard = new ConcurrentLinkedQueue<>();

  private Responses() {}

  static Responses watch(Connection connection) throws IOException {
    Responses responses = new Responses();
    Channel channel = connection.createChannel();
    String queue = channel.queueDeclare().getQueue();
    channel.queueBind(queue, EXCHANGE, "");
    channel.basicConsume(
        queue,
        true,
        (tag, response) -> responses.add(response.getProperties(), response.getBody()),
        tag -> {});
    return responses;
  }

  private synchronized void add(BasicProperties properties, byte[] body) throws IOException {
    JsonNode response = json.readTree(body);
    heard.add(
        new Response(
            properties.getAppId(),
            response.path("requestId").asText(),
            response.path("state").asText()));
    notifyAll();
  }

  /** Waits until so many are in this state. */
  synchronized void await(String state, int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (count(state) < count) {
      long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new AssertionError(
            "Only %d of %d responses %s came".formatted(count(state), count, state));
      }
      wait(leftMillis);
    }
  }

  private long count(String state) {
    return heard.stream().filter(response -> response.state().equals(state)).count();
  }

  /** The states of the responses about a request, in the order they came. */
  List<String> about(String requestId) {
    return heard.stream()
        .filter(response -> response.requestId().equals(requestId))
        .map(Response::state)
        .toList();
  }

  /** Who has told of this state, about requests whose id begins so. */
  Set<String> authorsOf(String state, String beginning) {
    return heard.stream()
        .filter(response -> response.state().equals(state))
        .filter(response -> response.requestId().startsWith(beginning))
        .map(Response::author)
        .collect(Collectors.toSet());
  }
}
