package org.workermanager.app.client;

import com.fasterxml.jackson.core.type.TypeReference;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A running worker manager, as operators reach it. Every method may throw {@link ManagerException}:
 * {@link UnreachableException} where none answers, {@link RefusedException} where one does and will
 * not.
 */
public final class ManagerClient {

  /** For an answer in full: a search may take its time, and a content may be large. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String BYTES = "application/octet-stream";
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;

  private final Exchange http;

  /**
   * A manager at this address; nothing is asked of it yet.
   *
   * @param token null if there is none
   * @throws IllegalArgumentException if that cannot be a token
   */
  public ManagerClient(ManagerAddress address, String token) {
    this(address, token, PATIENCE);
  }

  ManagerClient(ManagerAddress address, String token, Duration patience) {
    http = new Exchange(address, token, patience);
  }

  /** The tenants served. */
  public Answer<List<String>> tenants() throws InterruptedException {
    return http.read(http.to("/tenants"), new TypeReference<>() {});
  }

  /** Has this tenant served from now on. */
  public void serve(String tenant) throws InterruptedException {
    http.call(http.to("/tenants/" + encode(tenant)).PUT(BodyPublishers.noBody()), NO_CONTENT);
  }

  /**
   * A page of the tenant's requests.
   *
   * @param sort fields, each alone or followed by {@code ,desc}
   */
  public Answer<RequestPage> search(
      String tenant, RequestQuery query, int page, int size, List<String> sort)
      throws InterruptedException {
    List<String> parameters =
        new ArrayList<>(List.of("scope", tenant, "page", "" + page, "size", "" + size));
    sort.forEach(field -> parameters.addAll(List.of("sort", field)));
    return http.read(
        http.to("/requests", parameters.toArray(String[]::new)),
        "POST",
        query,
        new TypeReference<>() {});
  }

  /** One request in full. */
  public Answer<HeldRequest> request(String tenant, String requestId) throws InterruptedException {
    Answer<Resource<HeldRequest>> answer =
        http.read(
            http.to("/requests/" + encode(requestId), "scope", tenant), new TypeReference<>() {});
    return new Answer<>(answer.value().content(), answer.json(), answer.at());
  }

  /** What the worker of its present step gets. */
  public byte[] content(String tenant, String requestId) throws InterruptedException {
    return http.bytes(
        http.to("/requests/" + encode(requestId) + "/content", "scope", tenant), BYTES);
  }

  /** What its requester sent. */
  public byte[] originalContent(String tenant, String requestId) throws InterruptedException {
    return http.bytes(
        http.to("/requests/" + encode(requestId) + "/original-content", "scope", tenant), BYTES);
  }

  /** How many of the tenant's requests there are. */
  public Answer<Counts> counts(String tenant, RequestQuery query) throws InterruptedException {
    return http.read(
        http.to("/requests/counts", "scope", tenant), "POST", query, new TypeReference<>() {});
  }

  /** Begins to retry requests. */
  public Answer<Operation> retry(String tenant, RequestQuery query) throws InterruptedException {
    return http.read(
        http.to("/requests/retry", "scope", tenant), "POST", query, new TypeReference<>() {});
  }

  /** Begins to delete requests. */
  public Answer<Operation> delete(String tenant, RequestQuery query) throws InterruptedException {
    return http.read(
        http.to("/requests/delete", "scope", tenant), "DELETE", query, new TypeReference<>() {});
  }

  /** How far a retry or delete is. */
  public Answer<Operation> operation(String tenant, String id) throws InterruptedException {
    return http.read(
        http.to("/operations/" + encode(id), "scope", tenant), new TypeReference<>() {});
  }

  /** The tenant's last ones. */
  public Answer<List<Operation>> operations(String tenant) throws InterruptedException {
    return http.read(http.to("/operations", "scope", tenant), new TypeReference<>() {});
  }

  /**
   * What is known of worker types.
   *
   * @param tenant whose configuration is meant; null for that of any
   */
  public Answer<List<WorkerType>> workerTypes(String tenant) throws InterruptedException {
    return http.read(
        tenant == null ? http.to("/worker-types") : http.to("/worker-types", "scope", tenant),
        new TypeReference<>() {});
  }

  /** Has nothing dispatched to this worker type any more. */
  public void pause(String workerType) throws InterruptedException {
    http.call(
        http.to("/worker-types/" + encode(workerType) + "/pause").POST(BodyPublishers.noBody()),
        NO_CONTENT);
  }

  /** Has requests dispatched to this worker type again. */
  public void resume(String workerType) throws InterruptedException {
    http.call(
        http.to("/worker-types/" + encode(workerType) + "/resume").POST(BodyPublishers.noBody()),
        NO_CONTENT);
  }

  /** The tenant's configuration, in the exchange format. */
  public byte[] configuration(String tenant) throws InterruptedException {
    return http.bytes(http.to("/microservice/configuration", "scope", tenant), Exchange.JSON);
  }

  /** Imports a configuration; a refusal has every error. */
  public void configure(String tenant, byte[] file) throws InterruptedException {
    http.call(
        http.to("/microservice/configuration", "scope", tenant)
            .header("Content-Type", Exchange.JSON)
            .POST(BodyPublishers.ofByteArray(file)),
        CREATED);
  }

  private static String encode(String segment) {
    return ManagerAddress.encode(segment);
  }
}
