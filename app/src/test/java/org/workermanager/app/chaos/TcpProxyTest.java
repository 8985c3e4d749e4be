package org.workermanager.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int A_MOMENT_MILLIS = 200;
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private ServerSocket service;
  private TcpProxy proxy;

  private Socket client;
  private Socket server;

  @BeforeEach
  void start() throws IOException {
    service = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    service.setSoTimeout(PATIENCE_MILLIS);
    proxy = TcpProxy.to(service.getLocalPort());
    client = connect();
    server = accept();
    assertForwards(client, server);
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    server.close();
    proxy.close();
    service.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private Socket accept() throws IOException {
    Socket socket = service.accept();
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void assertForwards(Socket from, Socket to) throws IOException {
    from.getOutputStream().write(42);
    assertEquals(42, to.getInputStream().read());
  }

  private static void assertHears(boolean something, Socket socket) throws IOException {
    socket.setSoTimeout(something ? PATIENCE_MILLIS : A_MOMENT_MILLIS);
    if (something) {
      assertEquals(42, socket.getInputStream().read());
    } else {
      assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
    }
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  private static void assertReset(Socket socket) {
    assertThrows(SocketException.class, () -> socket.getInputStream().read());
  }

  /** Begins it; to cancel what is returned ends it. */
  private CompletableFuture<Void> interfere(Interference interference, Duration duration)
      throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                proxy.interfere(interference, duration);
                ended.complete(null);
              } catch (InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
    thread.start();
    assertTrue(Patience.until(Duration.ofSeconds(10), () -> proxy.current() == interference));
    ended.whenComplete((nothing, trouble) -> thread.interrupt());
    return ended;
  }

  @Test
  void forwardsBothWaysUntilOneSideEnds() throws Exception {
    assertForwards(server, client);
    client.shutdownOutput();
    assertEquals(-1, server.getInputStream().read());
  }

  @Test
  void aStallDeliversLater() throws Exception {
    CompletableFuture<Void> stall = interfere(Interference.STALL, FOR_EVER);
    client.getOutputStream().write(42);
    assertHears(false, server);
    stall.cancel(true);
    assertHears(true, server);
  }

  @Test
  void aBlackHoleAcceptsAndForwardsNothing() throws Exception {
    CompletableFuture<Void> hole = interfere(Interference.BLACK_HOLE, FOR_EVER);
    try (Socket another = connect()) {
      client.getOutputStream().write(42);
      another.getOutputStream().write(42);
      server.getOutputStream().write(42);
      assertHears(false, server);
      assertHears(false, client);
      hole.cancel(true);
      assertReset(client);
      assertReset(server);
    }
  }

  @Test
  void lostAnswersLetQuestionsPass() throws Exception {
    CompletableFuture<Void> loss = interfere(Interference.LOST_ANSWERS, FOR_EVER);
    assertForwards(client, server);
    server.getOutputStream().write(42);
    assertHears(false, client);
    loss.cancel(true);
    assertReset(client);
  }

  @Test
  void refusalResetsOldAndNew() throws Exception {
    CompletableFuture<Void> refusal = interfere(Interference.REFUSAL, FOR_EVER);
    assertReset(client);
    assertReset(server);
    try (Socket another = connect()) {
      assertReset(another);
    }
    refusal.cancel(true);
  }

  @Test
  void cutsLetNewConnectionsWork() throws Exception {
    CompletableFuture<Void> cuts = interfere(Interference.CUTS, Duration.ofMillis(1));
    assertReset(client);
    assertReset(server);
    cuts.join();
    try (Socket another = connect();
        Socket accepted = accept()) {
      assertForwards(another, accepted);
    }
  }

  @Test
  void aConnectionToNobodyEnds() throws Exception {
    service.close();
    try (Socket late = connect()) {
      assertReset(late);
    }
  }
}
