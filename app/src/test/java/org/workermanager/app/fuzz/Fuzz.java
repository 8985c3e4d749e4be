package org.workermanager.app.fuzz;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.app.scenario.Instance;
import org.workermanager.app.scenario.Services;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.search.RequestFilter;

/**
 * A manager, its peers, and rounds of cases. A round is over when all of its cases have ended; each
 * has a seed of its own, so that one that fails can be run again by itself.
 */
final class Fuzz implements AutoCloseable {

  static final int LARGEST_BODY = 1 << 16;
  static final int LARGEST_HEADER = 20_000;
  static final int MOST_HEADERS = 100;
  static final int DEEPEST_JSON = 20;
  static final int LONGEST_TEXT = 8_192;

  private static final int ROUND = 500;

  /** A round may take long on a machine that has much else to do. */
  private static final Duration EXPIRY = Duration.ofMinutes(10);

  private static final MessageLimits LIMITS =
      MessageLimits.USUAL
          .with(MessageLimit.BODY, LARGEST_BODY)
          .with(MessageLimit.HEADER, LARGEST_HEADER)
          .with(MessageLimit.HEADER_COUNT, MOST_HEADERS)
          .with(MessageLimit.JSON_DEPTH, DEEPEST_JSON)
          .with(MessageLimit.JSON_TEXT, LONGEST_TEXT);

  /** How much more heap may be in use than before: caches, and which workers beat lately. */
  private static final long MORE_HEAP = 24L << 20;

  private final Account account = new Account();
  private final Instance manager;
  private final ManagerLog log;
  private final Peers peers;
  private final Cases cases;

  Fuzz(Services services) throws Exception {
    manager =
        Instance.start(
            AmqpSettings.of(services.broker(), "fuzz", EXPIRY).withLimits(LIMITS),
            services.database());
    log = new ManagerLog(account);
    peers = new Peers(services.broker(), account);
    cases = new Cases(peers.frameMax(), services.rabbitMq());
    manager
        .embedded()
        .configure(
            Draft.TENANT,
            new ConfigurationUpdate(
                true,
                List.of(
                    new WorkerConfiguration(
                        Draft.WORKER, List.of(Draft.CONTENT_TYPE), null, false)),
                List.of(),
                List.of(Draft.SKIPPED_TYPE)));
    peers.publish(Draft.beat("first"));
    manager.awaitAlive(Draft.WORKER);
  }

  /** Runs rounds from this seed on, until there were so many messages that are not merely good. */
  void run(long firstSeed, int messages) throws Exception {
    long enough = hostile() + messages;
    for (long seed = firstSeed; hostile() < enough; seed++) {
      round(seed);
    }
    assertHeld();
  }

  /** Requests that wait for a worker there is none of; of the others none. */
  private void assertHeld() {
    long waiting = account.ends().getOrDefault("answered DELAYED", 0L);
    Map<RequestStatus, Long> expected =
        waiting == 0 ? Map.of() : Map.of(RequestStatus.NO_WORKER_AVAILABLE, waiting);
    if (!held().equals(expected)) {
      throw new AssertionError(waiting + " wait, but held are " + held());
    }
  }

  private void round(long seed) throws Exception {
    try {
      peers.publish(Draft.beat("again"));
      for (int i = 0; i < ROUND; i++) {
        Case next = cases.next(seed, i);
        account.open(next);
        peers.publish(next.first);
      }
      peers.confirm();
      account.awaitEnds(this::beating);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "Seed %d, to be run again with -Dfuzz.seed=%d: %s".formatted(seed, seed, e.getMessage()),
          e);
    }
  }

  private Map<RequestStatus, Long> held() {
    return manager.embedded().count(Draft.TENANT, RequestFilter.ALL).byStatus();
  }

  private Collection<String> beating() {
    return manager.embedded().workerTypes().stream()
        .flatMap(type -> type.instances().stream().map(KnownWorker::instance))
        .toList();
  }

  /** Nothing is left anywhere, and no more is taken than before. */
  void assertClean(Footprint before) throws Exception {
    manager.embedded().delete(Draft.TENANT, RequestFilter.ALL, OperationListener.NONE);
    if (!held().isEmpty()) {
      throw new AssertionError("Held though deleted are " + held());
    }
    before.awaitAgain(MORE_HEAP);
    // nothing came after an end
    account.awaitEnds(List::of);
    // what was not acknowledged comes back to its queue then
    manager.close();
    for (String queue :
        List.of(Draft.REQUEST_QUEUE, Draft.REPLIES, Draft.LETTERS, Peers.WORK, "regards.DLQ")) {
      if (peers.waiting(queue) != 0) {
        throw new AssertionError(peers.waiting(queue) + " messages are left on " + queue);
      }
    }
  }

  private long hostile() {
    return account.ends().entrySet().stream()
        .filter(end -> !end.getKey().equals("good"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** How many cases ended how, and of how many kinds they were. */
  String report() {
    StringBuilder report = new StringBuilder();
    new TreeMap<>(account.ends())
        .forEach((end, times) -> report.append("%n%,9d %s".formatted(times, end)));
    return report + "%n%,9d kinds".formatted(account.names().size());
  }

  @Override
  public void close() throws IOException {
    log.close();
    peers.close();
    manager.close();
  }
}
