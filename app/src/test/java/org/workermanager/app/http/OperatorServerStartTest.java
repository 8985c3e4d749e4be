package org.workermanager.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a server listens, and where it does not. */
class OperatorServerStartTest {

  private final World world = new World();

  private OperatorServer start(InetSocketAddress address) {
    return OperatorServer.start(new HttpSettings(address, List.of()), world.manager::operator);
  }

  @Test
  void theNextFreePortIsUsedWhereOneIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        OperatorServer server = start(new InetSocketAddress("127.0.0.1", taken.getLocalPort()))) {
      int port = server.address().getPort();
      assertTrue(port > taken.getLocalPort() && port <= taken.getLocalPort() + 100, "" + port);
      assertEquals("http://127.0.0.1:" + port, server.url());
      new Client(server.address(), Map.of()).get("/tenants").assertStatus(200);
    }
  }

  @Test
  void listensOnVersionSixToo() throws Exception {
    InetAddress loopback = InetAddress.getByName("::1");
    try (ServerSocket probe = new ServerSocket(0, 1, loopback)) {
      assertTrue(probe.isBound());
    } catch (IOException e) {
      assumeTrue(false, "no IPv6 here");
    }
    try (OperatorServer server = start(new InetSocketAddress(loopback, 0))) {
      assertEquals("http://[::1]:" + server.address().getPort(), server.url());
      String answer =
          RawCall.send(server.address(), "GET /tenants HTTP/1.1|Host: [::1]|Connection: close||");
      assertEquals(200, RawCall.status(answer));
    }
  }

  @Test
  void listensOnAllAddressesWithTokens() {
    HttpSettings everywhere =
        new HttpSettings(
            new InetSocketAddress("0.0.0.0", 0),
            List.of(AccessToken.parse("admin=0123456789abcdef")));
    try (OperatorServer server = OperatorServer.start(everywhere, world.manager::operator)) {
      assertEquals("http://0.0.0.0:" + server.address().getPort(), server.url());
      new Client(server.address(), Map.of("Authorization", "Bearer 0123456789abcdef"))
          .get("/tenants")
          .assertStatus(200);
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNoTakenPort() {
    HttpSettings elsewhere =
        new HttpSettings(
            new InetSocketAddress("192.0.2.1", 8085),
            List.of(AccessToken.parse("admin=0123456789abcdef")));
    String message =
        assertThrows(
                HttpStartException.class,
                () -> OperatorServer.start(elsewhere, world.manager::operator).close())
            .getMessage();
    assertTrue(message.startsWith("Operators cannot be served at 192.0.2.1:8085: "), message);
  }

  @Test
  void onceClosedNobodyListens() {
    OperatorServer server = start(World.anyPort());
    InetSocketAddress address = server.address();
    new Client(address, Map.of()).get("/tenants").assertStatus(200);
    server.close();
    assertThrows(
        ConnectException.class, () -> new Socket(address.getAddress(), address.getPort()).close());
  }

  @Test
  void secretsAreNotPrinted() {
    HttpSettings settings =
        new HttpSettings(World.anyPort(), List.of(AccessToken.parse("admin=0123456789abcdef")));
    assertFalse(settings.toString().contains("0123"), settings::toString);
  }

  @Test
  void nothingIsOpenToEverybodyWithoutTokens() {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThrows(IllegalArgumentException.class, () -> new HttpSettings(everywhere, List.of()));
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere", 1);
    assertThrows(IllegalArgumentException.class, () -> new HttpSettings(nowhere, List.of()));
  }
}
