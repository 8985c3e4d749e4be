package org.workermanager.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.app.http.Client.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.StoreUnavailableException;

/** Retries and deletes, page by page while others look. */
class BackgroundOperationsTest {

  private static final int ENDLESS = 1_000_000;
  private static final String ERRORS = "{'statuses':{'values':['ERROR'],'mode':'INCLUDE'}}";

  /** One is taken for each page of an operation. */
  private final Semaphore pages = new Semaphore(ENDLESS);

  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  /** What happens when a page has been found, before anything is done to it; once. */
  private final AtomicReference<Runnable> found = new AtomicReference<>(() -> {});

  private final World world = new World(this::held, 2);
  private final OperatorServer server =
      OperatorServer.start(new HttpSettings(World.anyPort(), List.of()), world.manager::operator);
  private final Client client = new Client(server.address(), Map.of("scope", "t1"));

  private RequestSearch held(RequestSearch search) {
    return new SearchProxy(search) {
      @Override
      public List<NumberedRequest> between(
          String tenant, RequestFilter filter, long after, long upTo, int limit) {
        pages.acquireUninterruptibly();
        if (failure.get() != null) {
          throw failure.get();
        }
        List<NumberedRequest> page = super.between(tenant, filter, after, upTo, limit);
        found.getAndSet(() -> {}).run();
        return page;
      }
    };
  }

  @AfterEach
  void close() {
    pages.release(ENDLESS);
    server.close();
  }

  private void fail(int requests) {
    world.beat("A", "A-1");
    for (int i = 1; i <= requests; i++) {
      world.failed("t1", "r" + i, "a");
    }
  }

  private String begin(String method, String path, String filter) {
    Reply reply = client.call(method, path, filter).assertStatus(202);
    JsonNode operation = reply.json();
    assertEquals("RUNNING", operation.path("state").textValue());
    // who follows it need not know more than that
    client.with(Map.of()).get(reply.header("Location")).assertStatus(200);
    assertTrue(operation.has("started") && !operation.has("ended"), reply::text);
    return "/operations/" + operation.path("id").textValue();
  }

  private JsonNode awaitEnd(String location) {
    client.get(location).assertStatus(200);
    await("the end")
        .until(() -> !client.get(location).json().path("state").textValue().equals("RUNNING"));
    return client.get(location).json();
  }

  private static void assertCounts(
      int matched, int done, int waiting, int refused, JsonNode operation) {
    List<Integer> counts = new ArrayList<>();
    for (String name : List.of("matched", "done", "waiting", "refused")) {
      counts.add(operation.path(name).intValue());
    }
    assertEquals(List.of(matched, done, waiting, refused), counts, operation::toString);
  }

  private int held(String status) {
    return client.post("/requests/counts", "{}").json().path("byStatus").path(status).intValue();
  }

  @Test
  void aRetryDispatchesAgainAndSaysHowMany() throws Exception {
    fail(5);
    world.submit("t1", "waits", "b");
    world.submit("t2", "waits", "c");

    JsonNode done = awaitEnd(begin("POST", "/requests/retry", "{}"));

    assertEquals("RETRY", done.path("kind").textValue());
    assertEquals("DONE", done.path("state").textValue());
    assertCounts(6, 5, 1, 0, done);
    assertEquals(0, done.path("refusals").size());
    assertTrue(done.path("ended").textValue().compareTo(done.path("started").textValue()) >= 0);
    assertFalse(done.has("reason"));
    assertEquals(5, held("DISPATCHED"));
  }

  @Test
  void aDeleteRemovesWhatTheFilterNames() throws Exception {
    fail(3);
    world.submit("t1", "waits", "b");

    JsonNode done = awaitEnd(begin("DELETE", "/requests/delete", ERRORS));

    assertEquals("DELETE", done.path("kind").textValue());
    assertCounts(3, 3, 0, 0, done);
    assertEquals(0, held("ERROR"));
    assertEquals(1, held("NO_WORKER_AVAILABLE"));
  }

  @Test
  void whatHasGoneOnMeanwhileIsRefusedWithTheReason() throws Exception {
    fail(2);
    found.set(() -> world.reply("t1", "r1", ReplyStatus.SUCCESS, null));

    JsonNode done = awaitEnd(begin("POST", "/requests/retry", ERRORS));

    assertCounts(2, 1, 0, 1, done);
    JsonNode refusal = done.at("/refusals/0");
    assertEquals("r1", refusal.path("requestId").textValue());
    assertTrue(refusal.path("id").isIntegralNumber());
    assertTrue(refusal.path("reason").textValue().contains("gone on"), refusal::toString);
  }

  private void awaitPageAsked() throws InterruptedException {
    await("the next page").until(pages::hasQueuedThreads);
  }

  @Test
  void showsHowFarItIs() throws Exception {
    fail(5);
    pages.drainPermits();
    String location = begin("DELETE", "/requests/delete", "{}");
    awaitPageAsked();
    assertCounts(5, 0, 0, 0, client.get(location).json());
    pages.release();
    await("a page to be done")
        .until(() -> client.get(location).json().path("done").intValue() == 2);
    assertCounts(5, 2, 0, 0, client.get(location).json());
    assertFalse(client.get(location).json().has("ended"));
    assertEquals(3, held("ERROR"));
  }

  @Test
  void oneIsDoneAfterTheOther() throws Exception {
    fail(2);
    pages.drainPermits();
    String first = begin("POST", "/requests/retry", "{'source':'nobody'}");
    awaitPageAsked();
    String second = begin("DELETE", "/requests/delete", ERRORS);
    world.failed("t1", "later", "a");
    assertEquals("RUNNING", client.get(second).json().path("state").textValue());

    JsonNode both = client.get("/operations").assertStatus(200).json();
    assertEquals(2, both.size());
    assertTrue(second.endsWith(both.at("/0/id").textValue()), "the latest comes first");

    pages.release(ENDLESS);
    assertCounts(0, 0, 0, 0, awaitEnd(first));
    assertCounts(2, 2, 0, 0, awaitEnd(second));
    assertEquals(1, held("ERROR"), "what came after it was asked for is left alone");
  }

  @Test
  void anErrorEndsItAndWhatWasDoneIsTold() throws Exception {
    fail(5);
    pages.drainPermits();
    pages.release();
    String location = begin("DELETE", "/requests/delete", "{}");
    awaitPageAsked();
    failure.set(new StoreUnavailableException("The database does not answer.", null));
    pages.release();

    JsonNode failed = awaitEnd(location);

    assertEquals("FAILED", failed.path("state").textValue());
    assertEquals("The database does not answer.", failed.path("reason").textValue());
    assertTrue(failed.has("ended"));
    assertCounts(5, 2, 0, 0, failed);

    failure.set(null);
    pages.release(ENDLESS);
    assertCounts(3, 3, 0, 0, awaitEnd(begin("DELETE", "/requests/delete", "{}")));
  }

  @Test
  void anErrorThatShouldNotExistTellsNothingOfTheInside() throws Exception {
    fail(1);
    failure.set(new IllegalStateException("secret"));
    JsonNode failed = awaitEnd(begin("POST", "/requests/retry", "{}"));
    assertEquals("FAILED", failed.path("state").textValue());
    assertFalse(failed.toString().contains("secret"), failed::toString);
    failure.set(null);
    assertEquals(
        "DONE", awaitEnd(begin("POST", "/requests/retry", "{}")).path("state").textValue());
  }

  @Test
  void theEndOfTheServerStopsThemAfterThePageInHand() throws Exception {
    fail(5);
    pages.drainPermits();
    String first = begin("DELETE", "/requests/delete", "{}");
    awaitPageAsked();
    String second = begin("POST", "/requests/retry", "{}");

    Thread closing = new Thread(server::close);
    closing.start();
    await("who closes to wait").until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    pages.release();
    closing.join();

    assertEquals("STOPPED DELETE 2 of 5", report(first));
    assertEquals("STOPPED RETRY 0 of 0", report(second));
    assertEquals(
        3,
        world.manager.operator().count("t1", RequestFilter.ALL).byStatus().values().stream()
            .mapToLong(Long::longValue)
            .sum());
  }

  private String report(String location) {
    OperationReport report =
        server
            .operations()
            .find("t1", location.substring(location.lastIndexOf('/') + 1))
            .orElseThrow();
    return "%s %s %d of %d"
        .formatted(
            report.state(), report.kind(), report.progress().done(), report.progress().matched());
  }

  @Test
  void theLatestAreRememberedAndThoseUnderWayAlways() throws Exception {
    pages.drainPermits();
    String running = begin("POST", "/requests/retry", "{}");
    awaitPageAsked();
    for (int i = 1; i < 100; i++) {
      begin("POST", "/requests/retry", "{}");
    }
    String problem = client.post("/requests/retry", "{}").problem(503);
    assertTrue(problem.contains("100 operations"), problem);
    pages.release(ENDLESS);
    awaitEnd("/operations/" + client.get("/operations").json().at("/0/id").textValue());

    awaitEnd(begin("POST", "/requests/retry", "{}"));
    assertEquals(100, client.get("/operations").json().size());
    client.get(running).problem(404);
  }

  @Test
  void otherTenantsSeeNothingOfIt() throws Exception {
    String location = begin("POST", "/requests/retry", "{}");
    awaitEnd(location);
    Client t2 = client.with(Map.of("scope", "t2"));
    assertEquals(0, t2.get("/operations").assertStatus(200).json().size());
    t2.get(location).problem(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /requests/retry", "DELETE /requests/delete"})
  void aFilterThatCannotBeIsRefusedAtOnce(String call) {
    String method = call.split(" ")[0];
    String path = call.split(" ")[1];
    fail(1);
    String running = "{'statuses':{'values':['RUNNING'],'mode':'INCLUDE'}%s}";
    assertTrue(
        client.call(method, path, running.formatted("")).problem(400).contains("minimum age"));
    client.call(method, path, running.formatted(",'minimumAge':'PT1M'")).assertStatus(202);
    String success = "{'statuses':{'values':['SUCCESS'],'mode':'INCLUDE'}}";
    assertTrue(client.call(method, path, success).problem(400).contains("SUCCESS"));
    client.call(method, path, "{'state':'ERROR'}").problem(400);
    client.call(method, path + "?source=me", "{}").problem(400);
    // lost on the way, it would mean everything
    assertTrue(client.call(method, path, null).problem(400).contains("{}"));
    assertEquals(1, held("ERROR"));
  }
}
