package org.workermanager.app.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.Operator;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.store.SearchTooLongException;
import org.workermanager.domain.store.StoreUnavailableException;

/** Takes calls: who may, and how many at once; and says what went wrong. */
final class CallHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(CallHandler.class);

  /** How many calls are at work at once. */
  static final int MOST_CALLS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Gate gate;
  private final int largestBody;
  private final Routes routes;
  private final Supplier<Operator> operator;
  private final Semaphore free = new Semaphore(MOST_CALLS);

  /**
   * @param largestBody of a call, in bytes
   */
  CallHandler(Gate gate, int largestBody, Routes routes, Supplier<Operator> operator) {
    this.gate = gate;
    this.largestBody = largestBody;
    this.routes = routes;
    this.operator = operator;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Incoming incoming = new Incoming(exchange, largestBody);
      try {
        Role role = gate.admit(incoming.headers());
        enter();
        try {
          incoming.answer(answer(incoming, role));
        } finally {
          free.release();
        }
      } catch (Problem problem) {
        incoming.answer(problem.answer());
      }
      incoming.discardRest();
    }
  }

  /** Lets nobody in any more, and waits a moment for those who are. */
  void close() {
    try {
      free.tryAcquire(MOST_CALLS, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void enter() {
    try {
      if (free.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw Problem.unavailable("Too many calls at once.");
  }

  private Answer answer(Incoming incoming, Role role) throws IOException {
    try {
      return incoming.method().equals("OPTIONS")
          ? Answer.allowed(routes.allowed(incoming.address()))
          : called(incoming, role);
    } catch (Problem problem) {
      return problem.answer();
    } catch (SearchTooLongException e) {
      return Problem.tooMuch(e.getMessage()).answer();
    } catch (StoreUnavailableException | BrokerUnavailableException e) {
      return Problem.unavailable(e.getMessage()).answer();
    } catch (RuntimeException | Error e) {
      LOG.error(
          "An error that should not exist, at {} {}",
          incoming.method(),
          incoming.address().getRawPath(),
          e);
      return Problem.internal().answer();
    }
  }

  private Answer called(Incoming incoming, Role role) throws IOException {
    Routes.Match match = routes.find(incoming.method(), incoming.address());
    Route route = match.route();
    if (!role.includes(route.role())) {
      throw Problem.forbidden("This needs the token of an admin.");
    }
    Query query = Query.parse(incoming.address().getRawQuery());
    query.requireOnly(route.parameters());
    byte[] body = incoming.body();
    Operator ready = operator.get();
    if (ready == null) {
      throw Problem.unavailable("The manager is not ready yet.");
    }
    return route
        .handler()
        .handle(new Call(ready, match.arguments(), query, incoming.headers(), body));
  }
}
