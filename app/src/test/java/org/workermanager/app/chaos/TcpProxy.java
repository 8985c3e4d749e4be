package org.workermanager.app.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A way to a service on this machine, on which things can go wrong. Thread-safe; one interference
 * at a time.
 */
final class TcpProxy implements AutoCloseable {

  private static final Duration DELAY = Duration.ofMillis(300);
  private static final Duration BETWEEN_CUTS = Duration.ofMillis(700);
  private static final int DIAL_MILLIS = 5_000;

  private final ServerSocket listening;
  private final InetSocketAddress service;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private Interference current = Interference.NONE;

  private TcpProxy(InetSocketAddress service) throws IOException {
    this.service = service;
    this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  }

  /** Starts one to a service that listens at this port, now or later. */
  static TcpProxy to(int port) throws IOException {
    TcpProxy proxy = new TcpProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    inBackground("accepting connections to port " + port, proxy::accept);
    return proxy;
  }

  private static void inBackground(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens, on 127.0.0.1. */
  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Link link = new Link(client);
        links.add(link);
        inBackground("questions to " + service, link::ask);
      } catch (IOException e) {
        // closed, or a client that has already gone
      }
    }
  }

  /** Has something go wrong for a while. */
  void interfere(Interference interference, Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    become(interference);
    try {
      if (interference == Interference.CUTS) {
        while (System.nanoTime() - end < 0) {
          resetAll();
          Patience.rest(BETWEEN_CUTS);
        }
      } else {
        if (interference == Interference.REFUSAL) {
          resetAll();
        }
        Patience.rest(duration);
      }
    } finally {
      if (interference.resets) {
        resetAll();
      }
      become(Interference.NONE);
    }
  }

  private synchronized void become(Interference interference) {
    current = interference;
    notifyAll();
  }

  synchronized Interference current() {
    return current;
  }

  private synchronized void awaitPassage(Predicate<Interference> isHeld)
      throws InterruptedException {
    while (isHeld.test(current)) {
      wait();
    }
  }

  private void resetAll() {
    links.forEach(Link::reset);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    resetAll();
    become(Interference.NONE);
  }

  /** One connection through it. */
  private final class Link {

    private final Socket client;
    private final Socket upstream = new Socket();

    Link(Socket client) {
      this.client = client;
    }

    /** Forwards what the client says. */
    void ask() {
      try {
        if (current() == Interference.REFUSAL) {
          reset();
          return;
        }
        awaitPassage(held -> held.holdsQuestions);
        upstream.connect(service, DIAL_MILLIS);
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        inBackground("answers from " + service, this::answer);
        forward(client, upstream, held -> held.holdsQuestions);
        end();
      } catch (IOException | InterruptedException e) {
        reset();
      }
    }

    /** Forwards what the service says. */
    private void answer() {
      try {
        forward(upstream, client, held -> held.holdsAnswers);
        end();
      } catch (IOException | InterruptedException e) {
        reset();
      }
    }

    private void forward(Socket from, Socket to, Predicate<Interference> isHeld)
        throws IOException, InterruptedException {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[16 * 1024];
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        if (current() == Interference.DELAY) {
          Patience.rest(DELAY);
        }
        awaitPassage(isHeld);
        out.write(piece, 0, length);
      }
      // the other side does not hear of an end either
      awaitPassage(isHeld);
    }

    /** Closes it in order. */
    private void end() throws IOException {
      links.remove(this);
      client.close();
      upstream.close();
    }

    /** Closes it so that both sides see a reset, and nothing on its way arrives. */
    void reset() {
      links.remove(this);
      reset(client);
      reset(upstream);
    }

    private static void reset(Socket socket) {
      try (socket) {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // it is closed
      }
    }
  }
}
