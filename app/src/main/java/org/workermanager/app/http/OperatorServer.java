package org.workermanager.app.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.Operator;

/**
 * Serves operators over HTTP (PROTOCOL section 10), on the JDK's server. Retries and deletes go on
 * in the background, on this instance.
 *
 * <p>What keeps slow clients from holding threads for ever are system properties of the JDK's
 * server ({@code sun.net.httpserver.maxReqTime} and others), which are read once in the life of a
 * process: they are set when this class is loaded, unless they are already.
 */
public final class OperatorServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OperatorServer.class);

  private static final int PORTS_TRIED = 100;

  /**
   * Most of them for calls that arrive slowly: few are at work at once. Connections that find none
   * are closed.
   */
  private static final int MOST_THREADS = 200;

  private static final int LONGEST_THREAD_IDLE_SECONDS = 30;

  static {
    // in seconds: until a request has arrived, until its answer is taken, between two requests
    setIfAbsent("sun.net.httpserver.maxReqTime", "30");
    setIfAbsent("sun.net.httpserver.maxRspTime", "120");
    setIfAbsent("sun.net.httpserver.idleInterval", "30");
    setIfAbsent("jdk.httpserver.maxConnections", "1000");
    // else each answer waits for the client to confirm its headers
    setIfAbsent("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final InetAddress host;
  private final ThreadPoolExecutor threads;
  private final CallHandler calls;
  private final BackgroundOperations operations;

  private OperatorServer(
      HttpServer server, HttpSettings settings, Supplier<Operator> operator, InstantSource clock) {
    this.server = server;
    // the server itself would tell of all addresses in version 6 when asked for those of version 4
    host = settings.address().getAddress();
    operations = new BackgroundOperations(clock);
    Routes routes =
        new Routes(
            Stream.of(
                    new RequestRoutes(operations, clock).routes(),
                    WorkerRoutes.routes(),
                    ConfigurationRoutes.routes())
                .flatMap(each -> each)
                .toList());
    calls = new CallHandler(new Gate(settings), settings.largestBody(), routes, operator);
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            LONGEST_THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread created = new Thread(task, "worker-manager http " + number.incrementAndGet());
              created.setDaemon(true);
              return created;
            });
    server.setExecutor(threads);
    server.createContext("/", calls);
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Listens from now on.
   *
   * @param operator whom calls are for; null as long as there is nobody
   * @throws HttpStartException if that is not possible
   */
  public static OperatorServer start(HttpSettings settings, Supplier<Operator> operator) {
    requireNonNull(operator, "operator");
    OperatorServer server =
        new OperatorServer(bind(settings.address()), settings, operator, InstantSource.system());
    server.server.start();
    return server;
  }

  private static HttpServer bind(InetSocketAddress wanted) {
    for (int port = wanted.getPort(); ; port++) {
      try {
        HttpServer server = HttpServer.create(new InetSocketAddress(wanted.getAddress(), port), 0);
        if (port != wanted.getPort()) {
          LOG.info("Port {} is taken: operators are served on {}", wanted.getPort(), port);
        }
        return server;
      } catch (IOException e) {
        boolean taken =
            e instanceof BindException && String.valueOf(e.getMessage()).contains("in use");
        boolean last = port == wanted.getPort() + PORTS_TRIED || port == 65_535;
        if (!taken || last) {
          throw new HttpStartException(
              "Operators cannot be served at %s: %s".formatted(hostAndPort(wanted), e.getMessage()),
              e);
        }
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(host, server.getAddress().getPort());
  }

  /** The same as the beginning of a URL. */
  public String url() {
    return "http://" + hostAndPort(address());
  }

  private static String hostAndPort(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String text = host.getHostAddress();
    if (host instanceof Inet6Address) {
      // the zeros that matter most are not written
      text = "[" + text.replaceFirst("^(0:){7}0$", "::").replaceFirst("^(0:){7}1$", "::1") + "]";
    }
    return text + ":" + address.getPort();
  }

  BackgroundOperations operations() {
    return operations;
  }

  /** Stops: operations after the page in hand, calls as soon as they are answered. */
  @Override
  public void close() {
    operations.close();
    calls.close();
    server.stop(0);
    threads.shutdown();
  }
}
