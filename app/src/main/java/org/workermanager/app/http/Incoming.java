package org.workermanager.app.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/** What arrived on a connection, and the way back. For one thread. */
final class Incoming {

  /** Of a body that nobody wants, so that its sender comes to read the answer. */
  private static final int MOST_DISCARDED = 32 << 20;

  private static final Duration LONGEST_DISCARDING = Duration.ofSeconds(5);

  private final HttpExchange exchange;
  private final int largestBody;
  private boolean isRead;

  /**
   * @param largestBody in bytes
   */
  Incoming(HttpExchange exchange, int largestBody) {
    this.exchange = exchange;
    this.largestBody = largestBody;
    isRead = !headers().containsKey("Transfer-Encoding") && length() == 0;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  URI address() {
    return exchange.getRequestURI();
  }

  Headers headers() {
    return exchange.getRequestHeaders();
  }

  /** As the sender says; well-formed, or the server would have refused it. */
  private long length() {
    String length = headers().getFirst("Content-Length");
    return length == null ? 0 : Long.parseLong(length);
  }

  /**
   * @throws Problem if it is too large
   */
  byte[] body() throws IOException {
    if (length() <= largestBody) {
      byte[] body = exchange.getRequestBody().readNBytes(largestBody);
      if (exchange.getRequestBody().read() < 0) {
        isRead = true;
        return body;
      }
    }
    throw Problem.tooLarge("The body is larger than " + largestBody + " bytes.");
  }

  void answer(Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
    answer.headers().forEach(headers::set);
    if (answer.contentType() != null) {
      headers.set("Content-Type", answer.contentType());
    }
    if (!isRead) {
      headers.set("Connection", "close");
    }
    byte[] body = answer.body();
    if (method().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(answer.status(), -1);
    } else if (body.length == 0) {
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
    }
  }

  /**
   * Takes what still comes, for a while: closed with something unread in it, a connection is reset,
   * and its other end may never see the answer.
   */
  void discardRest() throws IOException {
    if (isRead) {
      return;
    }
    InputStream body = exchange.getRequestBody();
    byte[] buffer = new byte[1 << 16];
    long begun = System.nanoTime();
    int left = MOST_DISCARDED;
    int read = 0;
    while (read >= 0 && left > 0 && System.nanoTime() - begun < LONGEST_DISCARDING.toNanos()) {
      read = body.read(buffer);
      left -= read;
    }
  }
}
