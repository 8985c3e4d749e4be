package org.workermanager.app.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Has the faults of a plan happen, and measures how long it takes to recover from them. */
final class Turmoil {

  /** Far longer than anything may take: what is not answered by then never will be. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * @param took from when the last fault was mended until all was answered that was accepted before
   * @param after what had happened
   */
  record Recovery(Duration took, String after) {}

  private final FaultPlan plan;
  private final World world;
  private final Ledger ledger;
  private final Journal journal;
  private final List<Recovery> recoveries = new ArrayList<>();
  private final List<Fault> sinceCalm = new ArrayList<>();
  private int faults;

  Turmoil(FaultPlan plan, World world, Ledger ledger, Journal journal) {
    this.plan = plan;
    this.world = world;
    this.ledger = ledger;
    this.journal = journal;
  }

  /**
   * Goes on for so long.
   *
   * @return whether it recovered from everything
   */
  boolean rage(Duration duration) throws Exception {
    Instant end = Instant.now().plus(duration);
    boolean recovered = true;
    while (recovered && Instant.now().isBefore(end)) {
      FaultPlan.Round round = plan.next();
      strike(round.strikes());
      boolean over = Instant.now().isAfter(end);
      if (round.calm() || over) {
        recovered = recover();
      }
      if (!over) {
        Patience.rest(round.pause());
      }
    }
    return recovered;
  }

  private void strike(List<FaultPlan.Strike> strikes) throws InterruptedException {
    ExecutorService executor = Executors.newCachedThreadPool();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (FaultPlan.Strike strike : strikes) {
        faults++;
        sinceCalm.add(strike.fault());
        running.add(executor.submit(() -> strike(strike)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A fault could not be made or mended", e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private Void strike(FaultPlan.Strike strike) throws Exception {
    Patience.rest(strike.after());
    Fault fault = strike.fault();
    journal.tell(fault.text());
    fault.strike(world);
    journal.tell("  mended: " + fault);
    return null;
  }

  private boolean recover() throws Exception {
    Instant mended = Instant.now();
    List<Account> owed = ledger.owed();
    String after = sinceCalm.stream().map(Fault::text).collect(Collectors.joining("; "));
    sinceCalm.clear();
    if (!Patience.until(PATIENCE, () -> owed.stream().noneMatch(Account::isOwed))) {
      journal.tell(
          "%d of %d requests are not answered after %s"
              .formatted(
                  owed.stream().filter(Account::isOwed).count(),
                  owed.size(),
                  Times.seconds(PATIENCE)));
      return false;
    }
    Instant answered =
        owed.stream().map(Account::firstEnd).max(Comparator.naturalOrder()).orElse(mended);
    Duration took = Duration.between(mended, answered);
    recoveries.add(new Recovery(took, after));
    journal.tell(
        "  all %d outstanding requests are answered after %s; %d submitted so far"
            .formatted(owed.size(), Times.seconds(took), ledger.size()));
    return true;
  }

  /** How many faults there were. */
  int faults() {
    return faults;
  }

  Optional<Recovery> longest() {
    return recoveries.stream().max(Comparator.comparing(Recovery::took));
  }
}
