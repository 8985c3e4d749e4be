package org.workermanager.app.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers what a test wants, one answer for each call, the last one over again. */
public final class StubManager implements AutoCloseable {

  /** What a call was. */
  record Received(String method, String uri, String authorization, String type, String body) {}

  private record Canned(int status, String type, String body) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Deque<Canned> answers = new ArrayDeque<>();
  private final HttpServer server;

  public StubManager() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public StubManager answers(int status, String type, String body) {
    answers.add(new Canned(status, type, body));
    return this;
  }

  public StubManager json(String body) {
    return answers(200, "application/json", body);
  }

  public StubManager problem(int status, String detail) {
    return answers(
        status,
        "application/problem+json",
        "{\"type\":\"about:blank\",\"title\":\"Title\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(status, detail));
  }

  /** Every call so far. */
  List<Received> received() {
    return received;
  }

  /** The only call so far. */
  Received only() {
    if (received.size() != 1) {
      throw new AssertionError("Not one call: " + received);
    }
    return received.get(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(
        new Received(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    Canned canned = answers.size() > 1 ? answers.remove() : answers.element();
    if (canned.type() != null) {
      exchange.getResponseHeaders().set("Content-Type", canned.type());
    }
    if (canned.status() / 100 == 3) {
      exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
    }
    byte[] body = canned.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(canned.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
