package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.scenario.OperatorClient.assertProblem;
import static org.workermanager.app.scenario.OperatorClient.encoded;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workermanager.app.http.AccessToken;
import org.workermanager.app.http.HttpSettings;
import org.workermanager.app.http.OperatorServer;

/** Who may do what over HTTP, and to which tenant. */
abstract class AccessScenarios extends Scenarios {

  private static final String SETTING = "/settings/skipContentTypes";

  AccessScenarios(Stage stage) {
    super(stage);
  }

  private String waiting(Peer of, String id) throws Exception {
    of.request(id, "work", "x");
    of.expect(id, "DELAYED");
    return id;
  }

  @Test
  void aTenantIsAddedOverHttpAndItsRequestsAreAnsweredAtOnce() throws Exception {
    String added = "added " + tenant();
    OperatorClient there = stage.operator(added);
    assertProblem(404, there.call("GET", "/requests/1"));
    there.change("PUT", "/tenants/" + encoded(added));
    assertTrue(there.tenants().contains(added));
    try (Peer other = new Peer(stage.broker(), added)) {
      waiting(other, "1");
    }
    assertEquals(Set.of("1"), there.search("{}"));
    assertEquals(Set.of(), operator().search("{}"));
    // what is served already stays as it is
    there.change("PUT", "/tenants/" + encoded(added));
    assertEquals(Set.of("1"), there.search("{}"));
  }

  @Test
  void anImportAddsItsTenant() throws Exception {
    String added = "imported " + tenant();
    stage
        .operator(added)
        .importFile(
            """
            {"microservice": "rs-worker-manager", "modules": [{"module": {"id": "workermanager"},
              "resetBeforeImport": false, "configuration": []}]}
            """);
    try (Peer other = new Peer(stage.broker(), added)) {
      waiting(other, "1");
    }
  }

  @Test
  void tenantsAreApart() throws Exception {
    configure(List.of(worker("Work", "other", null)));
    String otherTenant = "other " + tenant();
    OperatorClient there = stage.operator(otherTenant);
    there.change("PUT", "/tenants/" + encoded(otherTenant));
    try (Peer other = new Peer(stage.broker(), otherTenant)) {
      waiting(peer, "both");
      waiting(peer, "ours");
      waiting(other, "both");
      waiting(other, "theirs");
    }
    assertEquals(Set.of("both", "ours"), operator().search("{}"));
    assertEquals(Set.of("both", "theirs"), there.search("{}"));
    assertProblem(404, there.call("GET", "/requests/ours"));
    assertProblem(404, there.call("GET", "/requests/ours/content"));
    assertEquals(
        2,
        there.post("/requests/counts", "{}").path("byStatus").path("NO_WORKER_AVAILABLE").asInt());
    long ours = operator().show("both").path("id").asLong();
    assertNotEquals(ours, there.show("both").path("id").asLong());
    String byId = "{\"ids\": {\"values\": [%d], \"mode\": \"INCLUDE\"}}".formatted(ours);
    assertEquals(Set.of(), there.search(byId));
    assertEquals(0, there.done(there.delete(byId)).path("matched").asInt());

    String delete = there.delete("{}");
    assertEquals(2, there.done(delete).path("done").asInt());
    assertEquals(Set.of("both", "ours"), operator().search("{}"));
    assertEquals(Set.of(), there.search("{}"));
    assertProblem(404, operator().call("GET", "/operations/" + delete));
    assertEquals(0, operator().get("/operations").json().size());

    String before = operator().get("/microservice/configuration").text();
    assertEquals(200, there.call("PUT", SETTING, "{\"value\": [\"work\"]}").status());
    assertEquals(before, operator().get("/microservice/configuration").text());
    String setting =
        operator().get("/settings").json().path(0).path("content").path("value").toString();
    assertEquals("[\"skipped\"]", setting);
    waiting(peer, "not skipped");
    assertEquals(0, there.get("/workers").json().size());
  }

  @Test
  void aTenantMustBeNamedAndServed() throws Exception {
    OperatorClient nobody = stage.operator("nobody's " + tenant());
    for (String path : List.of("/requests", "/requests/retry", "/requests/counts")) {
      assertProblem(404, nobody.call("POST", path, "{}"));
    }
    assertProblem(404, nobody.call("DELETE", "/requests/delete", "{}"));
    assertProblem(404, nobody.call("PUT", SETTING, "{\"value\": []}"));
    assertProblem(404, nobody.call("GET", "/microservice/configuration"));
    assertTrue(status("POST", "/requests", "Host: localhost").contains(" 400 "));
    assertTrue(
        status("POST", "/requests?scope=a", "Host: localhost", "scope: b").contains(" 400 "));
    assertTrue(
        status("POST", "/requests", "Host: localhost", "scope: " + tenant()).contains(" 200 "));
  }

  @Test
  void whatACallerMayDoDependsOnItsToken() throws Exception {
    String operatorToken = "operator-" + id();
    String adminToken = "admin-" + id();
    HttpSettings settings =
        new HttpSettings(
            new InetSocketAddress("127.0.0.1", 0),
            List.of(
                AccessToken.parse("operator=" + operatorToken),
                AccessToken.parse("admin=" + adminToken)));
    waiting(peer, "1");
    try (OperatorServer server = stage.running().serve(settings)) {
      OperatorClient anybody = new OperatorClient(server.url(), tenant());
      for (OperatorClient nobody : List.of(anybody, anybody.withToken("wrong-" + id()))) {
        assertProblem(401, nobody.call("POST", "/requests", "{}"));
        assertProblem(401, nobody.call("DELETE", "/requests/delete", "{}"));
        assertProblem(401, nobody.call("GET", "/tenants"));
      }
      OperatorClient some = anybody.withToken(operatorToken);
      assertEquals(Set.of("1"), some.search("{}"));
      assertEquals(1, some.done(some.retry("{}")).path("waiting").asInt());
      some.get("/microservice/configuration");
      assertProblem(403, some.call("DELETE", "/requests/delete", "{}"));
      assertProblem(403, some.call("POST", "/microservice/configuration", "{}"));
      assertProblem(403, some.call("PUT", SETTING, "{\"value\": [\"a\"]}"));
      assertProblem(403, some.call("DELETE", SETTING));
      assertProblem(403, some.call("PUT", "/tenants/a"));
      assertProblem(403, some.call("POST", "/worker-types/" + type("Work") + "/pause"));
      assertProblem(403, some.call("POST", "/worker-types/" + type("Work") + "/resume"));
      assertEquals(Set.of("1"), some.search("{}"));
      OperatorClient admin = anybody.withToken(adminToken);
      assertEquals(200, admin.call("PUT", SETTING, "{\"value\": [\"a\"]}").status());
      assertEquals(1, admin.done(admin.delete("{}")).path("done").asInt());
    }
  }

  @Test
  void pagesOfOtherSitesCannotCall() throws Exception {
    waiting(peer, "1");
    String search = "/requests?scope=" + tenant();
    String port = ":" + stage.running().address().getPort();
    assertTrue(status("POST", search, "Host: evil.example" + port).contains(" 403 "));
    assertTrue(status("POST", search, "Host: localhost.evil.example").contains(" 403 "));
    assertTrue(
        status("POST", search, "Host: localhost" + port, "Origin: http://evil.example")
            .contains(" 403 "));
    assertTrue(status("POST", search, "Host: localhost" + port, "Origin: null").contains(" 403 "));
    String delete = "/requests/delete?scope=" + tenant();
    assertTrue(
        status("DELETE", delete, "Host: 127.0.0.1" + port, "Origin: http://localhost:1")
            .contains(" 403 "));
    assertTrue(
        status("POST", search, "Host: localhost" + port, "Origin: http://localhost" + port)
            .contains(" 200 "));
    assertEquals(Set.of("1"), operator().search("{}"));
  }

  /** Calls with an empty filter and these headers; clients do not let one choose them all. */
  private String status(String method, String path, String... headers) throws Exception {
    InetSocketAddress address = stage.running().address();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String call =
          "%s %s HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
              .formatted(method, path, String.join("\r\n", headers));
      socket.getOutputStream().write(call.getBytes(ISO_8859_1));
      InputStream answer = socket.getInputStream();
      return new String(answer.readAllBytes(), ISO_8859_1).lines().findFirst().orElse("nothing");
    }
  }

  @Test
  void theNextFreePortIsTakenWhereItsPortIsTaken() throws Exception {
    InetSocketAddress taken = stage.running().address();
    try (OperatorServer next = stage.running().serve(new HttpSettings(taken, List.of()))) {
      assertTrue(next.address().getPort() > taken.getPort());
      assertTrue(new OperatorClient(next.url(), tenant()).tenants().contains(tenant()));
    }
  }

  @Test
  void othersAreOnlyServedWithTokens() {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThrows(IllegalArgumentException.class, () -> new HttpSettings(everywhere, List.of()));
  }
}
