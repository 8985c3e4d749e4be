package org.workermanager.app.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.workermanager.app.client.UnreachableException.Obstacle;

/** Asks a manager over HTTP, and makes an answer or an exception of whatever comes. Thread-safe. */
final class Exchange {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final String PROBLEM = "application/problem+json";
  static final String JSON = "application/json";
  private static final int FIRST_REFUSAL = 400;

  // what a later version may add does not matter; what is missing does
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private final ManagerAddress address;
  private final String token;
  private final Duration patience;
  private final HttpClient http;

  /**
   * @param patience for an answer in full
   */
  Exchange(ManagerAddress address, String token, Duration patience) {
    // printable ASCII is what a header can carry
    if (token != null && !token.matches("[!-~]+")) {
      throw new IllegalArgumentException(
          "must be visible ASCII characters, without blanks and line ends");
    }
    this.address = requireNonNull(address, "address");
    this.token = token;
    this.patience = patience;
    // no redirects: they would take the token elsewhere
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * @param parameters names, each followed by its value
   */
  HttpRequest.Builder to(String path, String... parameters) {
    List<String> query = new ArrayList<>();
    for (int i = 0; i < parameters.length; i += 2) {
      query.add(parameters[i] + "=" + ManagerAddress.encode(parameters[i + 1]));
    }
    HttpRequest.Builder call =
        HttpRequest.newBuilder(address.resolve(path, String.join("&", query)));
    return token == null ? call : call.header("Authorization", "Bearer " + token);
  }

  <T> Answer<T> read(
      HttpRequest.Builder call, String method, RequestQuery query, TypeReference<T> type)
      throws InterruptedException {
    return read(call.header("Content-Type", JSON).method(method, json(query)), type);
  }

  private static BodyPublisher json(RequestQuery query) {
    try {
      return BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(query));
    } catch (JacksonException e) {
      throw new IllegalStateException("Texts and numbers can always be written", e);
    }
  }

  <T> Answer<T> read(HttpRequest.Builder call, TypeReference<T> type) throws InterruptedException {
    HttpResponse<byte[]> response = send(call.build());
    try {
      T value = MAPPER.readValue(response.body(), type);
      if (value != null) {
        return new Answer<>(value, new String(response.body(), UTF_8), date(response.headers()));
      }
    } catch (IOException e) {
      throw another(response, e);
    }
    throw another(response, null);
  }

  byte[] bytes(HttpRequest.Builder call, String mediaType) throws InterruptedException {
    HttpResponse<byte[]> response = send(call.build());
    if (!mediaType(response).equals(mediaType)) {
      throw another(response, null);
    }
    return response.body();
  }

  void call(HttpRequest.Builder call, int expected) throws InterruptedException {
    HttpResponse<byte[]> response = send(call.build());
    if (response.statusCode() != expected) {
      throw another(response, null);
    }
  }

  /** What is no refusal may still come from somebody else. */
  private HttpResponse<byte[]> send(HttpRequest call) throws InterruptedException {
    HttpResponse<byte[]> response = exchange(call);
    if (response.statusCode() < FIRST_REFUSAL) {
      return response;
    }
    if (!mediaType(response).equals(PROBLEM)) {
      throw another(response, null);
    }
    try {
      throw new RefusedException(
          response.statusCode(), MAPPER.readValue(response.body(), Problem.class));
    } catch (IOException e) {
      throw another(response, e);
    }
  }

  private HttpResponse<byte[]> exchange(HttpRequest call) throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(call, BodyHandlers.ofByteArray());
    try {
      return response.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new UnreachableException(
          address,
          Obstacle.SILENCE,
          "what listens there has not answered within " + patience.toSeconds() + " s",
          e);
    } catch (ExecutionException e) {
      throw unanswered(e.getCause());
    }
  }

  private UnreachableException unanswered(Throwable trouble) {
    if (trouble instanceof IOException failure) {
      return UnreachableException.of(address, failure, CONNECT_TIMEOUT);
    }
    throw new IllegalStateException("Not sent", trouble);
  }

  private UnreachableException another(HttpResponse<byte[]> response, Exception cause) {
    String type = mediaType(response);
    return new UnreachableException(
        address,
        Obstacle.ANOTHER,
        "something else answers there, with HTTP status "
            + response.statusCode()
            + (type.isEmpty() ? "" : " and " + type),
        cause);
  }

  /** In lower case, without parameters; empty if there is none. */
  private static String mediaType(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Content-Type")
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private static Instant date(HttpHeaders headers) {
    try {
      return headers
          .firstValue("Date")
          .map(date -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
          .orElseGet(Instant::now);
    } catch (DateTimeException e) {
      return Instant.now();
    }
  }
}
