package org.workermanager.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreRefusedException;

/**
 * The requests in the database as one process reaches them; what is committed, the checker sees.
 */
final class FaultyRequestStore implements RequestStore {

  /** In the text of what the database refuses to keep. */
  static final String REFUSED = "!";

  private final RequestStore intact;
  private final FaultyDatabase database;
  private final History history;
  private final ManagerProcess process;

  FaultyRequestStore(
      RequestStore intact, FaultyDatabase database, History history, ManagerProcess process) {
    this.intact = intact;
    this.database = database;
    this.history = history;
    this.process = process;
  }

  @Override
  public <R> R change(
      Collection<RequestKey> keys, Collection<RequestKey> redelivered, Decision<R> decision) {
    R result = decide("change", decision, seen -> intact.change(keys, redelivered, seen));
    process.decided(keys);
    return result;
  }

  @Override
  public <R> R claimWaiting(Collection<WaitingPlace> places, int limit, Decision<R> decision) {
    return decide(
        "claimWaiting",
        known -> {
          history.storeChecker.claimed(places, limit, known.held().keySet());
          return decision.decide(known);
        },
        seen -> intact.claimWaiting(places, limit, seen));
  }

  @Override
  public <R> R changeFound(Collection<NumberedRequest> found, Decision<R> decision) {
    return decide("changeFound", decision, seen -> intact.changeFound(found, seen));
  }

  private <R> R decide(String name, Decision<R> decision, Function<Decision<R>, R> transaction) {
    Lane lane = process.lane();
    return database.locking(
        name,
        null,
        () -> store(lane, known -> decide(decision, known), transaction, false),
        () -> {
          List<Decision.Made<R>> made = new ArrayList<>();
          transaction.apply(
              known -> {
                made.add(decide(decision, known));
                return new Decision.Made<>(Changes.NONE, made.get(0).result());
              });
          return () -> store(lane, known -> made.get(0), transaction, true);
        });
  }

  private <R> Decision.Made<R> decide(Decision<R> decision, Known known) {
    Decision.Made<R> made = decision.decide(known);
    requireStorable(made.changes());
    history.storeChecker.decided(process, known, made.changes());
    return made;
  }

  /** Lets the checker know what is stored. */
  private <R> R store(
      Lane lane, Decision<R> decision, Function<Decision<R>, R> transaction, boolean late) {
    Known[] knownThen = new Known[1];
    Changes[] decided = new Changes[1];
    R result =
        transaction.apply(
            known -> {
              Decision.Made<R> made = decision.decide(known);
              knownThen[0] = known;
              decided[0] = made.changes();
              return made;
            });
    if (!decided[0].isEmpty()) {
      history.trace.add(() -> process + " " + lane + " stored " + text(decided[0]));
      history.storeChecker.committed(process, lane, knownThen[0], decided[0]);
      if (!late && decided[0].batch() != null) {
        history.storeChecker.opened(decided[0].batch().id(), intact.abandonedBatches());
      }
    }
    return result;
  }

  private void requireStorable(Changes changes) {
    boolean refused =
        changes.inserted().stream().anyMatch(held -> isRefused(held.request().session()))
            || changes.updated().stream()
                .anyMatch(
                    change ->
                        change.request().state().messages().stream()
                            .anyMatch(FaultyRequestStore::isRefused));
    if (refused) {
      history.coverage.count(HardCase.MESSAGE_ISOLATED);
      history.trace.add(() -> process + " is refused this");
      throw new StoreRefusedException("cannot be kept", null);
    }
  }

  private static boolean isRefused(String text) {
    return text.endsWith(REFUSED);
  }

  static String text(Changes changes) {
    StringBuilder text = new StringBuilder();
    changes
        .requests()
        .forEach(
            request ->
                text.append(request.key().tenant())
                    .append('/')
                    .append(request.key().requestId())
                    .append(' ')
                    .append(request.status())
                    .append(
                        request.status() == RequestStatus.DISPATCHED
                            ? " " + request.state().workerType()
                            : "")
                    .append(", "));
    return text
        + "in batch "
        + (changes.batch() == null ? "none" : History.shortId(changes.batch().id()));
  }

  @Override
  public List<HeldRequest> load(UUID batch) {
    return database.transaction("load", () -> intact.load(batch));
  }

  @Override
  public void close(UUID batch) {
    locking(
        "close",
        batch,
        () -> {
          history.storeChecker.closed(batch);
          intact.close(batch);
          return null;
        });
  }

  @Override
  public List<HeldRequest> takeOver(UUID abandoned, Batch by) {
    Lane lane = process.lane();
    return locking(
        "takeOver",
        by.id(),
        () -> {
          String taken = History.shortId(abandoned) + " as " + History.shortId(by.id());
          history.trace.add(() -> process + " takes over batch " + taken);
          history.storeChecker.takenOver(process, lane, abandoned, by.id());
          return intact.takeOver(abandoned, by);
        });
  }

  @Override
  public int returnAllToWaiting(String reason, Instant now) {
    return locking("returnAllToWaiting", null, () -> intact.returnAllToWaiting(reason, now));
  }

  private <R> R locking(String name, UUID batch, Supplier<R> transaction) {
    return database.locking(name, batch, transaction, () -> transaction::get);
  }

  @Override
  public List<Batch> openBatches() {
    return database.transaction("openBatches", intact::openBatches);
  }

  @Override
  public List<UUID> abandonedBatches() {
    return database.transaction("abandonedBatches", intact::abandonedBatches);
  }

  @Override
  public int dropMarks(Duration age) {
    return database.transaction("dropMarks", () -> intact.dropMarks(age));
  }
}
