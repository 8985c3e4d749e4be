package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.workermanager.app.http.Client.Reply;
import org.workermanager.domain.Operator;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.SearchTooLongException;
import org.workermanager.domain.store.StoreUnavailableException;

/** What a server does that is asked for too much, too early, or in vain. */
class LimitsTest {

  private static final int MB = 1 << 20;

  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile CountDownLatch searching;
  private volatile CountDownLatch held;
  private final World world = new World(this::failing, 500);
  private volatile Supplier<Operator> operator = world.manager::operator;
  private final OperatorServer server =
      OperatorServer.start(new HttpSettings(World.anyPort(), List.of()), () -> operator.get());
  private final Client client = new Client(server.address(), Map.of("scope", "t1"));

  private RequestSearch failing(RequestSearch search) {
    return new SearchProxy(search) {
      @Override
      public Page search(String tenant, RequestFilter filter, PageRequest page) {
        if (failure.get() != null) {
          throw failure.get();
        }
        if (searching != null) {
          searching.countDown();
          await(held);
        }
        return super.search(tenant, filter, page);
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void untilTheManagerIsReadyEverythingIsUnavailable() {
    operator = () -> null;
    Reply reply = client.get("/tenants");
    assertEquals("The manager is not ready yet.", reply.problem(503));
    assertEquals("5", reply.header("Retry-After"));
    client.get("/nothing").problem(404);
    operator = world.manager::operator;
    client.get("/tenants").assertStatus(200);
  }

  @Test
  void whileTheDatabaseDoesNotAnswerItSaysSo() {
    failure.set(new StoreUnavailableException("The database does not answer.", null));
    Reply reply = client.post("/requests", "{}");
    assertEquals("The database does not answer.", reply.problem(503));
    assertEquals("5", reply.header("Retry-After"));
  }

  @Test
  void slowSearchesLeaveTheDatabaseToOthers() {
    searching = new CountDownLatch(RequestRoutes.MOST_SEARCHES);
    held = new CountDownLatch(1);
    List<CompletableFuture<Reply>> slow =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> client.post("/requests", "{}")))
            .limit(RequestRoutes.MOST_SEARCHES)
            .toList();
    await(searching);
    Reply another = client.post("/requests/counts", "{}");
    assertEquals("Too many searches at once.", another.problem(503));
    assertEquals("5", another.header("Retry-After"));
    client.get("/tenants").assertStatus(200);
    held.countDown();
    slow.forEach(search -> search.join().assertStatus(200));
    client.post("/requests/counts", "{}").assertStatus(200);
  }

  @Test
  void aSearchThatTakesTooLongIsToBeNarrowed() {
    failure.set(new SearchTooLongException("It took 10 s: narrow the filter.", null));
    Reply reply = client.post("/requests", "{}");
    assertEquals("It took 10 s: narrow the filter.", reply.problem(503));
    assertNull(reply.header("Retry-After"));
  }

  @Test
  void anErrorThatShouldNotExistTellsNothingOfTheInside() {
    failure.set(new IllegalStateException("secret"));
    Reply reply = client.post("/requests", "{}");
    reply.problem(500);
    assertFalse(reply.text().contains("secret") || reply.text().contains("java"), reply.text());
    failure.set(null);
    client.post("/requests", "{}").assertStatus(200);
  }

  @Test
  void aBodyMayHaveSixteenMegabytes() {
    byte[] body = new byte[16 * MB];
    Arrays.fill(body, (byte) ' ');
    body[0] = '{';
    body[1] = '}';
    client.call("POST", "/requests", "application/json", body).assertStatus(200);

    byte[] larger = Arrays.copyOf(body, body.length + 1);
    larger[body.length] = ' ';
    Reply refused = client.call("POST", "/requests", "application/json", larger);
    assertEquals("The body is larger than 16777216 bytes.", refused.problem(413));
    client.get("/tenants").assertStatus(200);
  }

  @Test
  void howLargeABodyMayBeCanBeSet() {
    HttpSettings settings = new HttpSettings(World.anyPort(), List.of(), 10);
    try (OperatorServer strict = OperatorServer.start(settings, world.manager::operator)) {
      Client caller = new Client(strict.address(), Map.of("scope", "t1"));
      caller.post("/requests", "{        }").assertStatus(200);
      Reply refused = caller.post("/requests", "{         }");
      assertEquals("The body is larger than 10 bytes.", refused.problem(413));
      caller.get("/tenants").assertStatus(200);
    }
  }

  @Test
  void aBodyThatDoesNotSayHowLargeItIsIsCountedAsItComes() throws Exception {
    byte[] chunk = new byte[MB];
    Arrays.fill(chunk, (byte) ' ');
    String answer =
        RawCall.send(
            server.address(),
            out -> {
              out.write(
                  "POST /requests?scope=t1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                      .getBytes(ISO_8859_1));
              for (int i = 0; i < 20; i++) {
                out.write("100000\r\n".getBytes(ISO_8859_1));
                out.write(chunk);
                out.write("\r\n".getBytes(ISO_8859_1));
              }
              out.write("0\r\n\r\n".getBytes(ISO_8859_1));
            });
    assertEquals(413, RawCall.status(answer));
    assertTrue(answer.toLowerCase().contains("connection: close"), answer);
  }

  @Test
  void whatIsRefusedUnreadLeavesAnAnswerToRead() throws Exception {
    byte[] body = new byte[4 * MB];
    String answer =
        RawCall.send(
            server.address(),
            out -> {
              out.write(
                  ("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                          + body.length
                          + "\r\n\r\n")
                      .getBytes(ISO_8859_1));
              out.write(body);
            });
    assertEquals(404, RawCall.status(answer));
    assertTrue(answer.toLowerCase().contains("connection: close"), answer);
    assertTrue(answer.endsWith("}"), answer);
  }

  @Test
  void aConnectionServesOneCallAfterTheOther() throws Exception {
    String call = "GET /tenants HTTP/1.1|Host: localhost|";
    String post = "POST /requests?scope=t1 HTTP/1.1|Host: localhost|Content-Length: 2|";
    String put = "PUT /tenants/t1 HTTP/1.1|Host: localhost|";
    String missing = "HEAD /nothing HTTP/1.1|Host: localhost|";
    String answers =
        RawCall.send(
            server.address(),
            call + "|" + post + "|{}" + put + "|" + missing + "|" + call + "Connection: close||");
    assertEquals(5, answers.split("HTTP/1.1 ", -1).length - 1, answers);
  }

  @Test
  void noMoreCallsAreAtWorkAtOnceThanThereMayBe() throws Exception {
    CountDownLatch begun = new CountDownLatch(CallHandler.MOST_CALLS);
    CountDownLatch held = new CountDownLatch(1);
    operator =
        () -> {
          begun.countDown();
          try {
            held.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return world.manager.operator();
        };
    ExecutorService callers = Executors.newFixedThreadPool(CallHandler.MOST_CALLS);
    try {
      List<CompletableFuture<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < CallHandler.MOST_CALLS; i++) {
        calls.add(CompletableFuture.supplyAsync(() -> client.get("/tenants").status(), callers));
      }
      begun.await();
      Reply refused = client.get("/tenants");
      assertEquals("Too many calls at once.", refused.problem(503));
      assertEquals("5", refused.header("Retry-After"));
      held.countDown();
      for (CompletableFuture<Integer> call : calls) {
        assertEquals(200, call.join());
      }
      client.get("/tenants").assertStatus(200);
    } finally {
      held.countDown();
      callers.shutdown();
    }
  }

  @Test
  @SuppressWarnings("try") // they are there to be closed
  void whoSendsNothingKeepsNobodyElseFromCalling() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 10 * CallHandler.MOST_CALLS; i++) {
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
        silent.add(socket);
        OutputStream out = socket.getOutputStream();
        out.write("GET /tenants HTTP/1.1\r\nHost: local".getBytes(ISO_8859_1));
      }
      client.get("/tenants").assertStatus(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void slowClientsAreCutOff() {
    for (String property : List.of("maxReqTime", "maxRspTime", "idleInterval")) {
      String value = System.getProperty("sun.net.httpserver." + property);
      assertTrue(value != null && Integer.parseInt(value) <= 120, property + ": " + value);
    }
  }
}
