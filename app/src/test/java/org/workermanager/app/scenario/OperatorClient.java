package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;

/**
 * One tenant's operator, who talks HTTP: written from the protocol alone and knowing nothing of the
 * manager.
 */
final class OperatorClient {

  /** What an operator is answered. */
  record Reply(int status, String contentType, byte[] body) {

    String text() {
      return new String(body, UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new AssertionError(text(), e);
      }
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String url;
  private final String tenant;
  private final String token;

  OperatorClient(String url, String tenant) {
    this(url, tenant, null);
  }

  /**
   * @param token null for none
   */
  OperatorClient(String url, String tenant, String token) {
    this.url = url;
    this.tenant = tenant;
    this.token = token;
  }

  OperatorClient withToken(String newToken) {
    return new OperatorClient(url, tenant, newToken);
  }

  /** Text as a part of an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private Reply call(String method, String path, String contentType, byte[] body) throws Exception {
    String address = url + path + (path.contains("?") ? "&" : "?") + "scope=" + encoded(tenant);
    return callAt(method, address, contentType, body);
  }

  private Reply callAt(String method, String address, String contentType, byte[] body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    return new Reply(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.body());
  }

  /** Calls with JSON. */
  Reply call(String method, String path, String json) throws Exception {
    return call(method, path, "application/json", json.getBytes(UTF_8));
  }

  Reply call(String method, String path) throws Exception {
    return call(method, path, null, null);
  }

  /** Calls what no tenant has, with an empty body. */
  void change(String method, String path) throws Exception {
    Reply reply = callAt(method, url + path, null, null);
    assertEquals(204, reply.status(), reply.text());
  }

  Reply get(String path) throws Exception {
    Reply reply = call("GET", path);
    assertEquals(200, reply.status(), reply.text());
    return reply;
  }

  JsonNode post(String path, String json) throws Exception {
    Reply reply = call("POST", path, json);
    assertEquals(200, reply.status(), reply.text());
    return reply.json();
  }

  /** Sends a file as browsers do. */
  Reply upload(String path, byte[] file) throws Exception {
    String boundary = "----boundary";
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\nContent-Type: application/json\r\n\r\n"
            .formatted(boundary);
    String all = head + new String(file, UTF_8) + "\r\n--" + boundary + "--\r\n";
    return call("POST", path, "multipart/form-data; boundary=" + boundary, all.getBytes(UTF_8));
  }

  /** Those that are served. */
  Set<String> tenants() throws Exception {
    Reply reply = callAt("GET", url + "/tenants", null, null);
    assertEquals(200, reply.status(), reply.text());
    Set<String> served = new TreeSet<>();
    reply.json().forEach(each -> served.add(each.asText()));
    return served;
  }

  /** Imports a file that is accepted. */
  void importFile(String file) throws Exception {
    Reply reply = call("POST", "/microservice/configuration", file);
    assertEquals(201, reply.status(), reply.text());
  }

  /** The ids of all requests that a filter finds. */
  Set<String> search(String filter) throws Exception {
    Set<String> found = new TreeSet<>();
    JsonNode page = post("/requests?size=1000", filter);
    page.path("content").forEach(each -> found.add(requestId(each)));
    assertEquals(found.size(), page.path("metadata").path("totalElements").asInt());
    return found;
  }

  static String requestId(JsonNode resource) {
    return resource.path("content").path("requestId").asText();
  }

  /** How many requests a filter finds. */
  long count(String filter) throws Exception {
    return post("/requests?size=1", filter).path("metadata").path("totalElements").asLong();
  }

  /** One request in full. */
  JsonNode show(String requestId) throws Exception {
    return get("/requests/" + encoded(requestId)).json().path("content");
  }

  String status(String requestId) throws Exception {
    return show(requestId).path("status").asText();
  }

  /** Begins a retry; returns its id. */
  String retry(String filter) throws Exception {
    return begin("POST", "/requests/retry", filter);
  }

  /** Begins a delete; returns its id. */
  String delete(String filter) throws Exception {
    return begin("DELETE", "/requests/delete", filter);
  }

  private String begin(String method, String path, String filter) throws Exception {
    Reply reply = call(method, path, filter);
    assertEquals(202, reply.status(), reply.text());
    return reply.json().path("id").asText();
  }

  JsonNode operation(String id) throws Exception {
    return get("/operations/" + id).json();
  }

  /** Waits until an operation is done; returns its report. */
  JsonNode done(String id) throws Exception {
    await("the end of an operation").until(() -> operation(id).has("ended"));
    JsonNode report = operation(id);
    assertEquals("DONE", report.path("state").asText(), report.toString());
    return report;
  }

  /** Waits until a request is in this state. */
  void awaitStatus(String requestId, String status) throws Exception {
    await(requestId + " to be " + status).until(() -> status(requestId).equals(status));
  }

  /** What is shown of a worker type. */
  JsonNode workerType(String workerType) throws Exception {
    for (JsonNode each : get("/worker-types").json()) {
      if (each.path("workerType").asText().equals(workerType)) {
        return each;
      }
    }
    return JSON.missingNode();
  }

  /** A problem as it has to be told. */
  static Reply assertProblem(int status, Reply reply) {
    assertEquals(status, reply.status(), reply.text());
    assertEquals("application/problem+json", reply.contentType());
    assertEquals(status, reply.json().path("status").asInt());
    assertTrue(!reply.json().path("detail").asText().isBlank(), reply.text());
    return reply;
  }
}
