package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Somebody who calls. */
final class Client {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What came back. */
  record Reply(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    JsonNode json() {
      try {
        return MAPPER.readTree(response.body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + text(), e);
      }
    }

    String text() {
      return new String(response.body(), UTF_8);
    }

    Reply assertStatus(int expected) {
      assertEquals(expected, status(), this::text);
      return this;
    }

    /** The detail of the problem that it is. */
    String problem(int expected) {
      assertStatus(expected);
      assertEquals("application/problem+json", header("Content-Type"));
      JsonNode json = json();
      assertEquals("about:blank", json.path("type").textValue());
      assertEquals(expected, json.path("status").intValue());
      return json.path("detail").textValue();
    }
  }

  private final String url;
  private final Map<String, String> headers;

  Client(InetSocketAddress address, Map<String, String> headers) {
    this.url = "http://127.0.0.1:" + address.getPort();
    this.headers = headers;
  }

  /** The same with these headers instead. */
  Client with(Map<String, String> others) {
    return new Client(url, others);
  }

  private Client(String url, Map<String, String> headers) {
    this.url = url;
    this.headers = headers;
  }

  /** POST with a body of JSON, written with apostrophes; null for none. */
  Reply post(String path, String body) {
    return call("POST", path, body);
  }

  Reply get(String path) {
    return call("GET", path, null);
  }

  /** With a body of JSON, written with apostrophes; null for none. */
  Reply call(String method, String path, String body) {
    return call(
        method,
        path,
        "application/json",
        body == null ? null : body.replace('\'', '"').getBytes(UTF_8));
  }

  Reply call(String method, String path, String contentType, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    if (body != null && contentType != null) {
      request.header("Content-Type", contentType);
    }
    return send(request.build());
  }

  static Reply send(HttpRequest request) {
    try {
      return new Reply(HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new AssertionError(request + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
