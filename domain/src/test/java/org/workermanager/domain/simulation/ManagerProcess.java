package org.workermanager.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.workermanager.domain.Leftover;
import org.workermanager.domain.Ports;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestSearch;
import org.workermanager.domain.store.RequestStore;
import org.workermanager.domain.store.StoreUnavailableException;
import org.workermanager.domain.store.Stores;
import org.workermanager.domain.store.WorkerStore;

/**
 * A process that runs a manager: what a program around it does on several threads, consuming,
 * acknowledging, ticking, connecting again after trouble, is done here one step at a time.
 */
final class ManagerProcess {

  private static final Duration CALL = Duration.ofMillis(1);

  private final History history;
  private final String name;
  private final WorkerManager manager;
  private final Locks locks;
  private final FaultyPublisher publisher;
  private final Set<Lane> busy = EnumSet.noneOf(Lane.class);
  private final Map<String, Long> lastBeats = new HashMap<>();
  private final Map<String, Long> lastSureBeats = new HashMap<>();
  private final Set<String> remembered = new HashSet<>();

  /** By lane, the requests about which the store has taken what the answers in hand led to. */
  private final Map<Lane, Set<RequestKey>> decidedInLane = new EnumMap<>(Lane.class);

  private Lane lane;
  private Duration clockError = Duration.ZERO;
  private int connectionsLost;
  private long progress;
  private boolean dead;
  private boolean stopped;
  private boolean begun;
  private boolean signalled;
  private Consumer<Submission> requests;
  private Consumer<Submission> submitting;
  private Consumer<Reply> replies;
  private Consumer<DeadLetter> deadLetters;
  private Consumer<Heartbeat> heartbeats;

  ManagerProcess(History history, String name) {
    this.history = history;
    this.name = name;
    publisher = new FaultyPublisher(history, this);
    manager = new WorkerManager(history.plan().settings(name), ports());
    locks = new Locks(manager);
  }

  private Ports ports() {
    Database shared = history.database();
    FaultyDatabase database = new FaultyDatabase(history, this);
    RequestStore requestStore = new FaultyRequestStore(
            history.sabotage().database(shared.requests), database, history, this);
    Stores stores =
        new Stores(
            history.sabotage().store(requestStore),
            database.port(RequestSearch.class, shared.requests, called -> {}),
            database.port(ConfigurationStore.class, shared.configurations, called -> {}),
            database.port(WorkerStore.class, shared.workers, this::askedForWorkers),
            history
                .sabotage()
                .leases(database.port(LeaseStore.class, shared.leases, called -> {})));
    Publisher published = history.sabotage().publisher(publisher);
    return new Ports(
        stores,
        published,
        monitor(),
        this::now,
        history.time()::nanos,
        history.dice().generator(),
        () -> signalled = true);
  }

  private Monitor monitor() {
    return new Monitor() {
      @Override
      public void ignored(RequestKey key, Transition.Reason reason) {
        history.trace().add(() -> name + " ignores what is said of " + key + ": " + reason);
      }

      @Override
      public void workerClockWrong(Heartbeat beat) {
        history.coverage().count(HardCase.WORKER_CLOCK_FOUND_WRONG);
      }
    };
  }

  WorkerManager manager() {
    return manager;
  }

  /** The time of day as this process has it. */
  Instant now() {
    return history.time().now().plus(clockError);
  }

  void setClock(Duration error) {
    clockError = error;
    // to be sure that its lease lasts it renews it first
    history.checker().interrupted(this);
  }

  boolean isDead() {
    return dead;
  }

  void renewLease() {
    if (begun && canRun(Lane.LEASE)) {
      run(Lane.LEASE);
    }
  }

  boolean isRunning() {
    return !dead && !stopped;
  }

  boolean hasBegun() {
    return begun;
  }

  Lane lane() {
    return lane;
  }

  // ---- What happens at ports ----

  /** A call to the outside: others do something meanwhile, and it may be the last one. */
  void atPort(String port) {
    requireAlive();
    history.time().pass(CALL);
    boolean renews = lane == Lane.LEASE || lane == Lane.CONNECT;
    if (!renews || history.plan().hasFaults()) {
      // a renewal that takes too long is a fault
      history.othersAct();
    }
    requireAlive();
    if (history.happens(Injection.PROCESS_CRASHES)) {
      history.trace().add(() -> name + " dies at " + port + " in " + lane);
      die();
      throw new ProcessDied();
    }
    if (history.mayStop() && history.happens(Injection.PROCESS_STOPPED_FOR_LONG)) {
      history.checker().interrupted(this);
      history.trace().add(() -> name + " is stopped at " + port + " in " + lane);
      stopped = true;
      history.longStop();
      stopped = false;
      history.trace().add(() -> name + " goes on");
      requireAlive();
    }
  }

  private void requireAlive() {
    if (dead) {
      throw new ProcessDied();
    }
  }

  void die() {
    dead = true;
    disconnect();
    history.checker().interrupted(this);
  }

  /** Ends in order, when nothing is in hand. */
  void shutDown() {
    disconnect();
    run(Lane.LEASE, manager::end);
    die();
  }

  boolean isBusy() {
    return !busy.isEmpty();
  }

  /** Whether the broker has taken back the submissions that are in hand. */
  boolean hasLostSubmissions() {
    return !submitting.isOpen();
  }

  /** How many messages it is done with. */
  long progress() {
    return progress;
  }

  void decided(Collection<RequestKey> keys) {
    decidedInLane.getOrDefault(lane, new HashSet<>()).addAll(keys);
  }

  // ---- What it has heard of workers ----

  private void heard(Heartbeat beat) {
    long nanos = history.time().nanos();
    lastBeats.put(beat.workerType(), nanos);
    if (!beat.date().isBefore(now().minus(history.plan().expiry()))) {
      lastSureBeats.put(beat.workerType(), nanos);
    }
  }

  /** A process that starts trusts what is remembered. */
  private void askedForWorkers(String method) {
    if (lane == Lane.CONNECT) {
      history.database().workers.all().forEach(known -> remembered.add(known.workerType()));
    }
  }

  /** Whether it may take this type for alive. */
  boolean mayHaveHeard(String workerType) {
    return isRecent(lastBeats.get(workerType));
  }

  /** Whether it must take this type for alive. */
  boolean hasHeard(String workerType) {
    return isRecent(lastSureBeats.get(workerType));
  }

  private boolean isRecent(Long beat) {
    return beat != null && history.time().nanos() - beat < history.plan().expiry().toNanos();
  }

  // ---- Its lanes ----

  /** Those that have something to do, and wait for nothing. */
  List<Lane> ready() {
    List<Lane> ready = new ArrayList<>();
    for (Lane each : Lane.values()) {
      if (isReady(each)) {
        ready.add(each);
      }
    }
    return ready;
  }

  boolean isReady(Lane wanted) {
    return hasWork(wanted) && canRun(wanted);
  }

  boolean canRun(Lane wanted) {
    return isRunning()
        && (wanted == Lane.OPERATOR || !busy.contains(wanted))
        && locks.areFreeFor(wanted);
  }

  private boolean hasWork(Lane each) {
    return switch (each) {
      case CONNECT -> !isConnected();
      case REQUESTS -> isConnected() && requests.hasWork();
      case REPLIES -> isConnected() && replies.hasWork();
      case DEAD_LETTERS -> isConnected() && deadLetters.hasWork();
      case HEARTBEATS -> isConnected() && heartbeats.hasWork();
      case TICK, OVERDUE -> begun;
      case LEASE -> false;
      case DISPATCH -> begun && signalled;
      case OPERATOR -> false;
    };
  }

  boolean isConnected() {
    return requests != null;
  }

  /** Nothing is in hand or to be done, as far as it knows. */
  boolean isIdle() {
    return isConnected()
        && !signalled
        && requests.isIdle()
        && replies.isIdle()
        && deadLetters.isIdle()
        && heartbeats.isIdle();
  }

  /** Does something, to its end. */
  void run(Lane which) {
    run(which, () -> step(which));
  }

  void run(Lane which, Runnable work) {
    Lane before = lane;
    lane = which;
    boolean first = busy.add(which);
    if (which != Lane.LEASE) {
      history.trace().add(() -> name + " " + which);
    }
    history.trace().enter();
    try {
      work.run();
    } catch (ProcessDied e) {
      // and so is all that it was doing
      if (!dead) {
        throw e;
      }
    } catch (StoreUnavailableException | BrokerUnavailableException e) {
      history.trace().add(() -> name + " " + which + " gives up: " + e.getMessage());
      history.checker().gaveUp(this, which);
      troubled(which);
    } finally {
      history.trace().leave();
      if (first) {
        busy.remove(which);
      }
      lane = before;
    }
  }

  private void troubled(Lane which) {
    switch (which) {
      case REQUESTS, REPLIES, DEAD_LETTERS, HEARTBEATS, CONNECT -> disconnect();
      case DISPATCH -> signalled = true;
      case LEASE, TICK, OVERDUE, OPERATOR -> {}
    }
  }

  private void step(Lane which) {
    switch (which) {
      case CONNECT -> connect();
      case REQUESTS -> requests();
      case REPLIES ->
          answers(
              replies,
              message -> history.sabotage().read(deliveredReply(message)),
              manager::replies,
              Reply::fingerprint,
              Reply::key);
      case DEAD_LETTERS ->
          answers(
              deadLetters,
              ManagerProcess::deliveredLetter,
              manager::deadLetters,
              DeadLetter::fingerprint,
              DeadLetter::key);
      case HEARTBEATS -> heartbeats();
      case TICK -> manager.tick();
      case LEASE -> manager.renewLease();
      case OVERDUE -> manager.lookForOverdue();
      case DISPATCH -> {
        signalled = false;
        signalled |= manager.dispatchWaiting();
      }
      case OPERATOR -> throw new IllegalArgumentException();
    }
  }

  private void connect() {
    int before = connectionsLost;
    manager.check();
    Broker broker = history.broker();
    MessageQueue<Heartbeat> beats = broker.openHeartbeats(this);
    manager.listening();
    if (!begun) {
      manager.start();
      if (history.plan().exclusive()) {
        manager.takeUpAll(false);
      }
      remembered.forEach(type -> lastBeats.put(type, history.time().nanos()));
      begun = true;
    }
    if (connectionsLost > before) {
      throw new BrokerUnavailableException("lost again", null);
    }
    heartbeats = new Consumer<>(beats);
    replies = new Consumer<>(broker.replies);
    deadLetters = new Consumer<>(broker.deadLetters);
    requests = new Consumer<>(broker.requests);
  }

  /** Whatever it has in hand goes back, and comes again, here or elsewhere. */
  void disconnect() {
    connectionsLost++;
    history.broker().closeHeartbeats(this);
    if (isConnected()) {
      heartbeats.close();
      replies.close();
      deadLetters.close();
      requests.close();
      requests = null;
    }
  }

  private void heartbeats() {
    Consumer<Heartbeat> consumer = heartbeats;
    consumer.prefetch(Integer.MAX_VALUE);
    List<Message<Heartbeat>> batch = consumer.take(Integer.MAX_VALUE);
    batch.forEach(message -> heard(message.body()));
    manager.heartbeats(batch.stream().map(Message::body).toList());
    consumer.acknowledge(batch);
  }

  private void requests() {
    Consumer<Submission> consumer = requests;
    submitting = consumer;
    List<Message<Submission>> again = consumer.takeDeferred();
    List<Message<Submission>> batch = with(again, next(consumer, again.isEmpty()));
    if (history.sabotage().acknowledgesFirst()) {
      acknowledge(consumer, batch, message -> history.checker().acknowledged(message.body()));
    }
    history.requesters().meet(batch);
    List<Submission> delivered =
        batch.stream()
            .map(ManagerProcess::deliveredSubmission)
            .map(history.sabotage()::read)
            .toList();
    history.checker().handedIn(this, delivered, again.size());
    List<Leftover> leftovers;
    try {
      leftovers = manager.submit(delivered);
    } finally {
      history.checker().returned(this, delivered);
    }
    List<Message<Submission>> done =
        setAside(consumer, batch, leftovers, message -> history.checker().setAside(message.body()));
    acknowledge(consumer, done, message -> history.checker().acknowledged(message.body()));
  }

  private <A> void answers(
      Consumer<A> consumer,
      Function<Message<A>, A> read,
      Function<List<A>, List<Leftover>> take,
      Function<A, Fingerprint> fingerprint,
      Function<A, RequestKey> key) {
    List<Message<A>> again = consumer.takeDeferred();
    List<Message<A>> batch = with(again, next(consumer, again.isEmpty()));
    Set<RequestKey> decided = new HashSet<>();
    decidedInLane.put(lane, decided);
    batch.forEach(message -> history.checker().handedIn(fingerprint.apply(message.body())));
    List<Leftover> leftovers = take.apply(batch.stream().map(read).toList());
    List<Message<A>> done =
        setAside(
            consumer,
            batch,
            leftovers,
            message -> {
              history.checker().setAside(fingerprint.apply(message.body()));
              decided.add(key.apply(message.body()));
            });
    acknowledge(
        consumer,
        done,
        message ->
            history
                .checker()
                .acknowledged(
                    fingerprint.apply(message.body()),
                    decided.contains(key.apply(message.body()))));
  }

  private <T> List<Message<T>> next(Consumer<T> consumer, boolean atLeastOne) {
    int size = history.plan().batchSize();
    consumer.prefetch(history.dice().between(1, 2 * size));
    return consumer.take(history.dice().between(atLeastOne ? 1 : 0, size));
  }

  private static <T> List<T> with(List<T> first, List<T> others) {
    List<T> all = new ArrayList<>(first);
    all.addAll(others);
    return all;
  }

  /** Returns those that are done with; the others are to be handed in again. */
  private <T> List<Message<T>> setAside(
      Consumer<T> consumer,
      List<Message<T>> batch,
      List<Leftover> leftovers,
      java.util.function.Consumer<Message<T>> aside) {
    List<Message<T>> deferred = new ArrayList<>();
    List<Runnable> refused = new ArrayList<>();
    for (Leftover leftover : leftovers) {
      Message<T> message = batch.get(leftover.index());
      if (leftover instanceof Leftover.Refusal) {
        refused.add(() -> aside.accept(message));
      } else {
        history.trace().add(() -> "deferred: " + message);
        history.coverage().count(HardCase.DEFERRED);
        deferred.add(message);
      }
    }
    if (!refused.isEmpty()) {
      publisher.setAside(refused);
    }
    if (history.sabotage().acknowledgesDeferred()) {
      deferred.clear();
    }
    if (consumer.isOpen()) {
      consumer.defer(deferred);
    }
    List<Message<T>> done = new ArrayList<>(batch);
    done.removeAll(deferred);
    return done;
  }

  private <T> void acknowledge(
      Consumer<T> consumer,
      List<Message<T>> done,
      java.util.function.Consumer<Message<T>> acknowledged) {
    if (consumer.isOpen()) {
      done.forEach(acknowledged);
      consumer.acknowledge(done);
      progress += done.size();
    }
  }

  private static Submission deliveredSubmission(Message<Submission> message) {
    Submission s = message.body();
    return new Submission(
        s.tenant(),
        s.requestId(),
        s.source(),
        s.session(),
        s.contentType(),
        s.priority(),
        s.content(),
        s.fingerprint(),
        message.isRedelivered());
  }

  private static Reply deliveredReply(Message<Reply> message) {
    Reply r = message.body();
    return new Reply(
        r.key(),
        r.status(),
        r.messages(),
        r.additionalHeaders(),
        r.content(),
        r.dispatch(),
        r.fingerprint(),
        message.isRedelivered());
  }

  private static DeadLetter deliveredLetter(Message<DeadLetter> message) {
    DeadLetter l = message.body();
    return new DeadLetter(
        l.key(), l.reason(), l.dispatch(), l.fingerprint(), message.isRedelivered());
  }

  @Override
  public String toString() {
    return name;
  }
}
