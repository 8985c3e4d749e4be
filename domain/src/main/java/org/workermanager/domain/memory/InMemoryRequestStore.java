package org.workermanager.domain.memory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Change;
import org.workermanager.domain.store.Changes;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.RequestStore;

/**
 * Keeps requests in memory, for embedding without a database and for tests: they are gone with the
 * process. Thread-safe; one transaction at a time. Not for very many requests: claiming and
 * searching look at every one.
 */
public final class InMemoryRequestStore implements RequestStore, RequestSearch {

  /**
   * A request, its content, its place in the order of arrival, and the batch that changed it last.
   */
  private record Row(
      long id, Request request, Content content, Content originalContent, UUID batch) {

    Row with(Request changed) {
      return new Row(id, changed, content, originalContent, batch);
    }

    Row changedBy(UUID newBatch) {
      return new Row(id, request, content, originalContent, newBatch);
    }

    NumberedRequest numbered() {
      return new NumberedRequest(id, request);
    }
  }

  private record Mark(Fingerprint fingerprint, Instant finished) {}

  /** A batch and the requests it changed; some may have gone into another since. */
  private record OpenBatch(Batch batch, Set<RequestKey> changed) {}

  private static final Comparator<Row> URGENT_FIRST =
      Comparator.comparingInt((Row row) -> row.request().priority())
          .reversed()
          .thenComparingLong(Row::id);

  private final Map<RequestKey, Row> rows = new TreeMap<>();
  private final Map<UUID, OpenBatch> batches = new LinkedHashMap<>();
  private final Map<RequestKey, List<Mark>> marks = new HashMap<>();
  private final InstantSource clock;
  private final InMemoryLeaseStore leases;
  private long lastId;

  /**
   * @param clock dates the marks of finished requests
   * @param leases under which batches are open
   */
  public InMemoryRequestStore(InstantSource clock, InMemoryLeaseStore leases) {
    this.clock = requireNonNull(clock, "clock");
    this.leases = requireNonNull(leases, "leases");
  }

  @Override
  public synchronized <R> R change(
      Collection<RequestKey> keys, Collection<RequestKey> redelivered, Decision<R> decision) {
    Map<RequestKey, Request> held = new LinkedHashMap<>();
    for (RequestKey key : new TreeSet<>(keys)) {
      Row row = rows.get(key);
      if (row != null) {
        held.put(key, row.request());
      }
    }
    Map<RequestKey, Set<Fingerprint>> finished = new HashMap<>();
    for (RequestKey key : redelivered) {
      finished.put(
          key,
          marks.getOrDefault(key, List.of()).stream()
              .map(Mark::fingerprint)
              .collect(Collectors.toSet()));
    }
    return decide(held, finished, decision);
  }

  @Override
  public synchronized <R> R claimWaiting(
      Collection<WaitingPlace> places, int limit, Decision<R> decision) {
    Set<WaitingPlace> at = new HashSet<>(places);
    Map<RequestKey, Request> held = new LinkedHashMap<>();
    rows.values().stream()
        .filter(row -> row.request().status() == RequestStatus.NO_WORKER_AVAILABLE)
        .filter(row -> at.contains(place(row.request())) && !batches.containsKey(row.batch()))
        .sorted(URGENT_FIRST)
        .limit(limit)
        .forEach(row -> held.put(row.request().key(), row.request()));
    return decide(held, Map.of(), decision);
  }

  @Override
  public synchronized <R> R changeFound(Collection<NumberedRequest> found, Decision<R> decision) {
    Map<RequestKey, Request> held = new TreeMap<>();
    for (NumberedRequest numbered : found) {
      Row row = rows.get(numbered.request().key());
      if (row != null
          && row.id() == numbered.id()
          && !row.request().state().finished()
          && !batches.containsKey(row.batch())) {
        held.put(row.request().key(), row.request());
      }
    }
    return decide(held, Map.of(), decision);
  }

  private <R> R decide(
      Map<RequestKey, Request> held,
      Map<RequestKey, Set<Fingerprint>> finished,
      Decision<R> decision) {
    Map<RequestKey, UUID> changedBy = new HashMap<>();
    for (RequestKey key : held.keySet()) {
      UUID batch = rows.get(key).batch();
      if (batch != null) {
        changedBy.put(key, batch);
      }
    }
    Decision.Made<R> made = decision.decide(new Known(held, changedBy, finished, this::openAmong));
    Changes changes = made.changes();
    if (!changes.isEmpty()) {
      if (changes.batch() != null) {
        batches.put(changes.batch().id(), new OpenBatch(changes.batch(), new HashSet<>()));
      }
      changes.inserted().forEach(one -> insert(one, changes.batch()));
      changes.updated().forEach(change -> update(change, changes.batch()));
    }
    return made.result();
  }

  private Set<UUID> openAmong(Set<UUID> some) {
    Set<UUID> open = new HashSet<>(some);
    open.retainAll(batches.keySet());
    return open;
  }

  private void insert(HeldRequest held, Batch batch) {
    put(new Row(++lastId, held.request(), held.content(), null, batch == null ? null : batch.id()));
  }

  private void update(Change change, Batch batch) {
    Row row = rows.get(change.request().key());
    if (row != null) {
      Content content = change.content() == null ? row.content() : change.content();
      boolean isFirstStep = change.content() != null && row.originalContent() == null;
      Content original = isFirstStep ? row.content() : row.originalContent();
      UUID changedBy = batch != null && change.joinsBatch() ? batch.id() : row.batch();
      put(new Row(row.id(), change.request(), content, original, changedBy));
    }
  }

  private void put(Row row) {
    rows.put(row.request().key(), row);
    OpenBatch open = batches.get(row.batch());
    if (open != null) {
      open.changed().add(row.request().key());
    }
  }

  private static WaitingPlace place(Request request) {
    return new WaitingPlace(
        request.key().tenant(), request.contentType(), request.state().position().code());
  }

  @Override
  public synchronized List<HeldRequest> load(UUID batch) {
    OpenBatch open = batches.get(batch);
    return open == null
        ? List.of()
        : rowsOf(open)
            .sorted(Comparator.comparingLong(Row::id))
            .map(row -> new HeldRequest(row.request(), row.content()))
            .toList();
  }

  @Override
  public synchronized void close(UUID batch) {
    OpenBatch open = batches.remove(batch);
    if (open != null) {
      List<Row> finished = rowsOf(open).filter(row -> row.request().state().finished()).toList();
      finished.forEach(this::mark);
      finished.forEach(row -> rows.remove(row.request().key()));
    }
  }

  private Stream<Row> rowsOf(OpenBatch open) {
    return open.changed().stream()
        .map(rows::get)
        .filter(row -> row != null && open.batch().id().equals(row.batch()));
  }

  private void mark(Row row) {
    marks
        .computeIfAbsent(row.request().key(), key -> new ArrayList<>())
        .add(new Mark(row.request().fingerprint(), clock.instant()));
  }

  @Override
  public synchronized List<Batch> openBatches() {
    return batches.values().stream().map(OpenBatch::batch).toList();
  }

  @Override
  public synchronized List<UUID> abandonedBatches() {
    return batches.values().stream()
        .map(OpenBatch::batch)
        .filter(batch -> !leases.holds(batch.lease()))
        .map(Batch::id)
        .toList();
  }

  @Override
  public synchronized List<HeldRequest> takeOver(UUID abandoned, Batch by) {
    OpenBatch open = batches.get(abandoned);
    if (open == null) {
      return List.of();
    }
    List<Row> changed = rowsOf(open).toList();
    batches.put(by.id(), new OpenBatch(by, new HashSet<>()));
    batches.remove(abandoned);
    changed.forEach(row -> put(row.changedBy(by.id())));
    return load(by.id());
  }

  @Override
  public synchronized Page search(String tenant, RequestFilter filter, PageRequest page) {
    List<NumberedRequest> found = found(tenant, filter).sorted(page.order()).toList();
    return new Page(
        found.stream().skip(page.offset()).limit(page.size()).toList(), page, found.size());
  }

  private Stream<NumberedRequest> found(String tenant, RequestFilter filter) {
    return rows.values().stream()
        .filter(row -> row.request().key().tenant().equals(tenant))
        .filter(row -> !row.request().state().finished())
        .map(Row::numbered)
        .filter(filter::matches);
  }

  @Override
  public synchronized RequestCounts count(String tenant, RequestFilter filter) {
    return RequestCounts.of(found(tenant, filter).map(NumberedRequest::request));
  }

  @Override
  public synchronized Optional<RequestDetails> find(RequestKey key) {
    return Optional.ofNullable(rows.get(key))
        .filter(row -> !row.request().state().finished())
        .map(row -> new RequestDetails(row.numbered(), row.content(), row.originalContent()));
  }

  @Override
  public synchronized long lastId() {
    return rows.values().stream().mapToLong(Row::id).max().orElse(0);
  }

  @Override
  public synchronized List<NumberedRequest> between(
      String tenant, RequestFilter filter, long after, long upTo, int limit) {
    return found(tenant, filter)
        .filter(found -> found.id() > after && found.id() <= upTo)
        .sorted(Comparator.comparingLong(NumberedRequest::id))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized int returnAllToWaiting(String reason, Instant now) {
    List<Row> all = rows.values().stream().filter(row -> row.request().status().isSent()).toList();
    for (Row row : all) {
      Request request = row.request();
      Request waiting =
          request.in(
              request
                  .state()
                  .waiting(request.state().position(), request.state().workerType(), reason),
              now);
      rows.put(request.key(), row.with(waiting));
    }
    return all.size();
  }

  @Override
  public synchronized int dropMarks(Duration age) {
    Instant finishedBefore = clock.instant().minus(age);
    int dropped = 0;
    for (Iterator<List<Mark>> each = marks.values().iterator(); each.hasNext(); ) {
      List<Mark> ofOne = each.next();
      int before = ofOne.size();
      ofOne.removeIf(mark -> mark.finished().isBefore(finishedBefore));
      dropped += before - ofOne.size();
      if (ofOne.isEmpty()) {
        each.remove();
      }
    }
    return dropped;
  }
}
