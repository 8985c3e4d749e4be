package org.workermanager.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call what, from where. */
class GateTest {

  private static final String LOOK = "operator-token-0123";
  private static final String LOOK_TOO = "operator-token-4567";
  private static final String ALL = "admin-token-01234567";

  private static final List<AccessToken> TOKENS =
      List.of(
          AccessToken.parse("operator=" + LOOK),
          AccessToken.parse("admin=" + ALL),
          AccessToken.parse("operator=" + LOOK_TOO));

  private final World world = new World();
  private OperatorServer server;

  private InetSocketAddress start(InetSocketAddress address, List<AccessToken> tokens) {
    server = OperatorServer.start(new HttpSettings(address, tokens), world.manager::operator);
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static int status(InetSocketAddress address, String headers) throws Exception {
    return RawCall.status(
        RawCall.send(address, "GET /tenants HTTP/1.1|" + headers + "Connection: close||"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8085",
        "LocalHost:1",
        "127.0.0.1",
        "127.0.0.1:8085",
        "127.1.2.3:9",
        "[::1]",
        "[::1]:8085",
        "[0:0:0:0:0:0:0:1]:80"
      })
  void onLoopbackTheHostIsThisMachine(String host) throws Exception {
    assertEquals(200, status(start(World.anyPort(), List.of()), "Host: " + host + "|"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8085",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "192.168.0.1:8085",
        "0.0.0.0:8085",
        "[::]:8085",
        "[::2]",
        "[localhost]",
        "",
        ":8085",
        "localhost:",
        "localhost:x",
        "127.1",
        "1270.0.0.1"
      })
  void onLoopbackNoOtherHostIsServed(String host) throws Exception {
    InetSocketAddress address = start(World.anyPort(), List.of());
    assertEquals(403, status(address, "Host: " + host + "|"));
    assertEquals(403, status(address, ""), "without one");
  }

  @Test
  void thereIsOneHost() throws Exception {
    InetSocketAddress address = start(World.anyPort(), List.of());
    assertEquals(400, status(address, "Host: localhost|Host: evil.example|"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8085, 200",
    "https://localhost:8085, 200",
    "HTTP://LOCALHOST:8085, 200",
    "http://localhost, 403",
    "http://localhost:8086, 403",
    "http://127.0.0.1:8085, 403",
    "http://evil.example, 403",
    "http://evil.example?localhost:8085, 403",
    "null, 403",
    "'', 403",
    "file://, 403"
  })
  void pagesOfOtherSitesAreRefused(String origin, int expected) throws Exception {
    InetSocketAddress address = start(World.anyPort(), List.of());
    assertEquals(expected, status(address, "Host: localhost:8085|Origin: " + origin + "|"));
  }

  @Test
  void nothingIsDoneForPagesOfOtherSites() throws Exception {
    InetSocketAddress address = start(World.anyPort(), List.of());
    String answer =
        RawCall.send(
            address,
            "PUT /tenants/evil HTTP/1.1|Host: localhost|Origin: http://evil.example|Connection: close||");
    assertEquals(403, RawCall.status(answer));
    assertFalse(world.manager.operator().tenants().contains("evil"));
    String preflight =
        RawCall.send(
            address,
            "OPTIONS /tenants/evil HTTP/1.1|Host: localhost|Origin: http://evil.example|Connection: close||");
    assertEquals(403, RawCall.status(preflight));
    assertFalse(preflight.toLowerCase().contains("access-control"), preflight);
  }

  @Test
  void elsewhereAnyHostIsServedButNoOtherOrigin() throws Exception {
    InetSocketAddress address = start(new InetSocketAddress("0.0.0.0", 0), TOKENS);
    String token = "Authorization: Bearer " + LOOK + "|";
    assertEquals(200, status(address, "Host: manager.example|" + token));
    assertEquals(
        200, status(address, "Host: manager.example|Origin: https://manager.example|" + token));
    assertEquals(
        403, status(address, "Host: manager.example|Origin: https://evil.example|" + token));
    assertEquals(401, status(address, "Host: manager.example|"));
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer " + LOOK + ", 200",
    "Bearer " + LOOK_TOO + ", 200",
    "bearer " + ALL + ", 200",
    LOOK + ", 401",
    "Basic " + LOOK + ", 401",
    "Bearer, 401",
    "Bearer " + LOOK + "x, 401",
    "Bearer operator-token-012, 401",
    "Bearer operator=" + LOOK + ", 401",
    "Bearer x " + LOOK + ", 401",
  })
  void tokensAreNeededWhereThereAreAny(String authorization, int expected) throws Exception {
    InetSocketAddress address = start(World.anyPort(), TOKENS);
    String header = "Authorization: " + authorization + "|";
    assertEquals(expected, status(address, "Host: localhost|" + header));
    String without =
        RawCall.send(address, "GET /nothing HTTP/1.1|Host: localhost|Connection: close||");
    assertEquals(401, RawCall.status(without), "who is unknown does not even learn what there is");
    assertTrue(
        without.contains("WWW-Authenticate: Bearer")
            || without.contains("Www-authenticate: Bearer"),
        without);
    assertFalse(without.contains("token-0"), without);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
            "operator POST /requests",
            "operator POST /requests/counts",
            "operator POST /requests/retry",
            "admin DELETE /requests/delete",
            "operator GET /requests/r1",
            "operator GET /requests/r1/content",
            "operator GET /requests/r1/original-content",
            "operator GET /operations",
            "operator GET /operations/1",
            "operator GET /workers",
            "operator GET /worker-types",
            "admin POST /worker-types/A/pause",
            "admin POST /worker-types/A/resume",
            "operator GET /microservice/configuration",
            "admin POST /microservice/configuration",
            "operator GET /settings",
            "admin PUT /settings/skipContentTypes",
            "admin DELETE /settings/skipContentTypes",
            "operator GET /tenants",
            "admin PUT /tenants/t9")
        .map(call -> Arguments.of((Object[]) call.split(" ")));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void eachCallHasItsRole(String role, String method, String path) {
    InetSocketAddress address = start(World.anyPort(), TOKENS);
    String body = method.equals("GET") ? null : "{}";
    int nobody = new Client(address, Map.of()).call(method, path, body).status();
    int operator =
        new Client(address, Map.of("Authorization", "Bearer " + LOOK))
            .call(method, path, body)
            .status();
    int admin =
        new Client(address, Map.of("Authorization", "Bearer " + ALL))
            .call(method, path, body)
            .status();
    assertEquals(401, nobody);
    assertEquals(role.equals("admin"), operator == 403, "operator: " + operator);
    assertTrue(admin < 401 || admin == 404, "admin: " + admin);
  }

  @Test
  void whatAnOperatorMayNotDoIsNotDone() {
    InetSocketAddress address = start(World.anyPort(), TOKENS);
    Client operator = new Client(address, Map.of("Authorization", "Bearer " + LOOK));
    assertTrue(operator.call("PUT", "/tenants/t9", null).problem(403).contains("admin"));
    assertFalse(world.manager.operator().tenants().contains("t9"));
  }
}
