package org.workermanager.app.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.app.client.UnreachableException.Obstacle;
import org.workermanager.domain.search.ContentTypeSelection.Match;
import org.workermanager.domain.search.Selection.Mode;

/** What goes over the line, and what becomes of every kind of answer. */
class ManagerClientTest {

  private static final String OPERATION =
      "{\"id\":\"o1\",\"kind\":\"RETRY\",\"state\":\"RUNNING\",\"later\":{\"versions\":\"add\"}}";

  private final StubManager stub;
  private final ManagerClient client;

  ManagerClientTest() throws Exception {
    stub = new StubManager();
    client = client(stub.url(), null);
  }

  private static ManagerClient client(String url, String token) {
    return new ManagerClient(ManagerAddress.parse(url), token, Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    stub.close();
  }

  @Test
  void sendsEveryFieldOfAFilterThatIsGivenAndNoOther() throws Exception {
    stub.json(OPERATION);
    client.retry("t1", RequestQuery.ALL);
    assertEquals(
        new StubManager.Received(
            "POST", "/requests/retry?scope=t1", null, "application/json", "{}"),
        stub.only());

    client.delete(
        "t1",
        new RequestQuery(
            "s",
            "\"é",
            "w",
            new RequestQuery.ContentTypes(List.of("a"), Mode.EXCLUDE, Match.STARTS_WITH, true),
            new RequestQuery.Values<>(List.of("ERROR"), Mode.INCLUDE),
            new RequestQuery.Values<>(List.of(1L, 2L), Mode.EXCLUDE),
            new RequestQuery.Period("2026-01-31T00:00:00Z", null),
            "PT10M"));
    StubManager.Received deletion = stub.received().get(1);
    assertEquals("DELETE", deletion.method());
    assertEquals("/requests/delete?scope=t1", deletion.uri());
    assertEquals(
        "{'source':'s','session':'\\'é','dispatchedWorkerType':'w',"
            + "'contentTypes':{'values':['a'],'mode':'EXCLUDE','matchMode':'STARTS_WITH','ignoreCase':true},"
            + "'statuses':{'values':['ERROR'],'mode':'INCLUDE'},'ids':{'values':[1,2],'mode':'EXCLUDE'},"
            + "'creationDate':{'after':'2026-01-31T00:00:00Z'},'minimumAge':'PT10M'}",
        deletion.body().replace('"', '\''));
  }

  @Test
  void sendsPagesAndSorts() throws Exception {
    stub.json("{\"content\":[],\"metadata\":{}}");
    client.search("t 1", RequestQuery.ALL, 3, 50, List.of("status,desc", "id"));
    assertEquals(
        "/requests?scope=t%201&page=3&size=50&sort=status%2Cdesc&sort=id", stub.only().uri());
  }

  @ParameterizedTest
  @CsvSource({
    "a/b?c#d, a%2Fb%3Fc%23d",
    "ü +, %C3%BC%20%2B",
    "%41, %2541",
    "., %2E",
    "'..', %2E%2E",
    "..., ...",
  })
  void namesRequestsWhateverTheirIds(String id, String inPath) throws Exception {
    stub.json("{\"content\":{\"requestId\":\"x\",\"status\":\"ERROR\"}}");
    client.request("t1", id);
    assertEquals("/requests/" + inPath + "?scope=t1", stub.only().uri());
  }

  @Test
  void bringsTheTokenAndNeverTakesItElsewhere() throws Exception {
    stub.json("[]");
    client(stub.url() + "/behind/", "secret").tenants();
    assertEquals("Bearer secret", stub.only().authorization());
    assertEquals("/behind/tenants", stub.only().uri());
    client.tenants();
    assertNull(stub.received().get(1).authorization());

    try (StubManager redirecting = new StubManager().answers(307, null, "")) {
      assertFails(Obstacle.ANOTHER, () -> client(redirecting.url(), "secret").tenants());
      assertEquals("/tenants", redirecting.only().uri());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "ü"})
  void refusesWhatCannotBeATokenWithoutRepeatingIt(String token) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> client(stub.url(), token));
    assertTrue(token.isEmpty() || !e.getMessage().contains(token), e::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1:8085",
        "localhost:8085",
        "ftp://h:1",
        "http://",
        "http://me:secret@h:1",
        "http://h:1?x",
        "http://h:1#x",
        "http://h:70000",
        "http://a b"
      })
  void refusesOtherAddressesWithoutRepeatingPasswords(String url) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ManagerAddress.parse(url));
    assertEquals(
        "must be http://HOST:PORT or https://HOST:PORT, without user and password", e.getMessage());
  }

  @Test
  void readsWhatItKnowsOfAnAnswerAndKeepsItWhole() throws Exception {
    stub.json(OPERATION);
    Answer<Operation> answer = client.operation("t1", "o1");
    assertEquals(Operation.State.RUNNING, answer.value().state());
    assertEquals(List.of(), answer.value().refusals());
    assertEquals(OPERATION, answer.json());
  }

  @Test
  void tellsWhyItIsRefused() throws Exception {
    stub.answers(
            409,
            "application/problem+json;charset=utf-8",
            "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"2 errors\",\"errors\":[\"one\",\"two\"]}")
        .problem(401, "Who is it?")
        .problem(404, "No such request.")
        .answers(503, "application/problem+json", "{\"title\":\"Service Unavailable\"}")
        .answers(400, "application/problem+json", "{}");
    RefusedException conflict = refused(() -> client.configure("t1", "{}".getBytes(UTF_8)));
    assertEquals("2 errors", conflict.getMessage());
    assertEquals(List.of("one", "two"), conflict.errors());
    assertFalse(conflict.isTrouble());
    RefusedException unknown = refused(() -> client.pause("W"));
    assertEquals("Who is it?", unknown.getMessage());
    assertTrue(unknown.isForWantOfToken());
    assertTrue(refused(() -> client.content("t1", "r")).isNotFound());
    RefusedException trouble = refused(() -> client.counts("t1", RequestQuery.ALL));
    assertEquals("Service Unavailable", trouble.getMessage());
    assertTrue(trouble.isTrouble());
    assertEquals("It gives no reason.", refused(client::tenants).getMessage());
  }

  private static RefusedException refused(Executable call) {
    return assertThrows(RefusedException.class, call);
  }

  @Test
  void sendsAndGetsFilesAsTheyAre() throws Exception {
    byte[] file = {'{', (byte) 0xc3, (byte) 0xa9, ' ', '}', '\n'};
    stub.answers(201, null, "")
        .answers(200, "application/json", "{é }\n")
        .answers(200, "application/octet-stream", "\0é");
    client.configure("t1", file);
    assertEquals("{é }\n", stub.only().body());
    assertEquals("application/json", stub.only().type());
    assertArrayEquals(file, client.configuration("t1"));
    assertArrayEquals("\0é".getBytes(UTF_8), client.originalContent("t1", "r"));
  }

  @Test
  void takesNobodyElseForAManager() throws Exception {
    stub.answers(200, "text/html", "<html>hello</html>");
    for (Executable call :
        List.<Executable>of(
            client::tenants,
            () -> client.serve("t1"),
            () -> client.search("t1", RequestQuery.ALL, 0, 20, List.of()),
            () -> client.request("t1", "r"),
            () -> client.content("t1", "r"),
            () -> client.originalContent("t1", "r"),
            () -> client.counts("t1", RequestQuery.ALL),
            () -> client.retry("t1", RequestQuery.ALL),
            () -> client.delete("t1", RequestQuery.ALL),
            () -> client.operation("t1", "o"),
            () -> client.operations("t1"),
            () -> client.workerTypes(null),
            () -> client.pause("W"),
            () -> client.resume("W"),
            () -> client.configuration("t1"),
            () -> client.configure("t1", new byte[0]))) {
      assertFails(Obstacle.ANOTHER, call);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, text/html, <html>no such page</html>",
    "404, application/json, '{\"error\":\"nope\"}'",
    "502, , ",
    "500, application/problem+json, <not json>",
    "200, application/json, '{\"some\":\"service\"}'",
    "200, application/json, null",
    "200, application/json, '[] []'",
    "204, , "
  })
  void saysWhatElseAnswers(int status, String type, String body) throws Exception {
    stub.answers(status, type, body == null ? "" : body);
    UnreachableException e = assertFails(Obstacle.ANOTHER, client::tenants);
    assertEquals(
        "Cannot reach a worker manager at %s: something else answers there, with HTTP status %d%s."
            .formatted(stub.url(), status, type == null ? "" : " and " + type),
        e.getMessage());
  }

  @Test
  void saysThatNothingListens() throws Exception {
    String url = stub.url();
    stub.close();
    assertEquals(
        "Cannot reach a worker manager at " + url + ": nothing listens there.",
        assertFails(Obstacle.NOBODY, client::tenants).getMessage());
  }

  @Test
  void saysThatNoHostIsCalledSo() {
    UnreachableException e =
        assertFails(
            Obstacle.NOBODY, () -> client("http://no-such-host.invalid:8085", null).tenants());
    assertTrue(
        e.getMessage().contains("no host of the name 'no-such-host.invalid' is known"),
        e::getMessage);
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ManagerClient impatient =
          new ManagerClient(
              ManagerAddress.parse(address("http", silent)), null, Duration.ofSeconds(1));
      UnreachableException e = assertFails(Obstacle.SILENCE, impatient::tenants);
      assertTrue(e.getMessage().contains("has not answered within 1 s"), e::getMessage);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AMQP\0\0\11\1"})
  void saysThatWhatListensIsNoHttpServer(String greeting) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      answer(other, greeting);
      UnreachableException e =
          assertFails(Obstacle.SILENCE, () -> client(address("http", other), null).tenants());
      assertTrue(e.getMessage().contains("does not speak HTTP"), e::getMessage);
    }
  }

  @Test
  void saysThatThereIsNoSecureConnection() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      answer(plain, "HTTP/1.1 400 Bad Request\r\n\r\n");
      UnreachableException e =
          assertFails(Obstacle.TLS, () -> client(address("https", plain), null).tenants());
      assertTrue(e.getMessage().contains("no secure connection: "), e::getMessage);
    }
  }

  private static String address(String scheme, ServerSocket socket) {
    return scheme + "://127.0.0.1:" + socket.getLocalPort();
  }

  /** Says so to everybody, as long as it listens: lost connections may be made anew. */
  private static void answer(ServerSocket server, String greeting) {
    // a thread of its own: the common pool may have one only
    Thread answering = new Thread(() -> answerAll(server, greeting.getBytes(UTF_8)));
    answering.setDaemon(true);
    answering.start();
  }

  private static void answerAll(ServerSocket server, byte[] greeting) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getInputStream().read();
        socket.getOutputStream().write(greeting);
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (IOException e) {
        // whoever called has gone
      }
    }
  }

  private static UnreachableException assertFails(Obstacle obstacle, Executable call) {
    UnreachableException e = assertThrows(UnreachableException.class, call);
    assertEquals(obstacle, e.obstacle(), e::getMessage);
    return e;
  }
}
