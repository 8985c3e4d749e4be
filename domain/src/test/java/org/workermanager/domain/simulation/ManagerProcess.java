package org.workermanager.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.workermanager.domain.Ports;
import org.workermanager.domain.Refusal;
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

  /** Of answers in hand, those that the store has taken what came of. */
  private final Set<RequestKey> decided = new HashSet<>();

  private Lane lane;
  private Duration clockError = Duration.ZERO;
  private int connectionsLost;
  private boolean dead;
  private boolean stopped;
  private boolean begun;
  private boolean signalled;
  private Consumer<Submission> requests;
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
    RequestStore requestStore = new FaultyRequestStore(shared.requests, database, history, this);
    Stores stores =
        new Stores(
            history.sabotage().store(requestStore),
            database.port(RequestSearch.class, shared.requests, called -> {}),
            database.port(ConfigurationStore.class, shared.configurations, called -> {}),
            database.port(WorkerStore.class, shared.workers, this::askedForWorkers));
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
  }

  boolean isDead() {
    return dead;
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
    history.othersAct();
    requireAlive();
    if (history.happens(Injection.PROCESS_CRASHES)) {
      history.trace().add(() -> name + " dies at " + port + " in " + lane);
      die();
      throw new ProcessDied();
    }
    if (history.happens(Injection.PROCESS_STOPPED_FOR_LONG)) {
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
    history.checker().died(this);
  }

  void decided(Collection<RequestKey> keys) {
    if (lane == Lane.REPLIES || lane == Lane.DEAD_LETTERS) {
      decided.addAll(keys);
    }
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
      if (!busy.contains(each) && hasWork(each) && canRun(each)) {
        ready.add(each);
      }
    }
    return ready;
  }

  boolean canRun(Lane wanted) {
    return isRunning() && locks.areFreeFor(wanted);
  }

  private boolean hasWork(Lane each) {
    return switch (each) {
      case CONNECT -> !isConnected();
      case REQUESTS -> isConnected() && requests.hasWork();
      case REPLIES -> isConnected() && replies.hasWork();
      case DEAD_LETTERS -> isConnected() && deadLetters.hasWork();
      case HEARTBEATS -> isConnected() && heartbeats.hasWork();
      case TICK, OVERDUE -> begun;
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
    busy.add(which);
    history.trace().add(() -> name + " " + which);
    history.trace().enter();
    try {
      work.run();
    } catch (ProcessDied e) {
      // and so is all that it was doing
      if (!dead) {
        throw e;
      }
    } catch (StoreUnavailableException | BrokerUnavailableException e) {
      history.trace().add(() -> name + " " + which + " gives up");
      troubled(which);
    } finally {
      history.trace().leave();
      busy.remove(which);
      lane = before;
    }
  }

  private void troubled(Lane which) {
    switch (which) {
      case REQUESTS, REPLIES, DEAD_LETTERS, HEARTBEATS, CONNECT -> disconnect();
      case DISPATCH -> signalled = true;
      case TICK, OVERDUE, OPERATOR -> {}
    }
  }

  private void step(Lane which) {
    switch (which) {
      case CONNECT -> connect();
      case REQUESTS -> requests();
      case REPLIES ->
          handle(
              replies,
              ManagerProcess::deliveredReply,
              manager::replies,
              Reply::fingerprint,
              Reply::key);
      case DEAD_LETTERS ->
          handle(
              deadLetters,
              ManagerProcess::deliveredLetter,
              manager::deadLetters,
              DeadLetter::fingerprint,
              DeadLetter::key);
      case HEARTBEATS -> heartbeats();
      case TICK -> manager.tick();
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

  private <T> List<Message<T>> next(Consumer<T> consumer) {
    int size = history.plan().batchSize();
    consumer.prefetch(history.dice().between(1, 2 * size));
    return consumer.take(history.dice().between(1, size));
  }

  private void requests() {
    Consumer<Submission> consumer = requests;
    List<Message<Submission>> batch = next(consumer);
    history.requesters().meet(batch);
    if (history.sabotage().acknowledgesFirst()) {
      acknowledge(consumer, batch);
    }
    history.checker().handedIn(batch);
    List<Refusal> refusals;
    try {
      refusals = manager.submit(batch.stream().map(ManagerProcess::deliveredSubmission).toList());
    } finally {
      history.checker().returned(batch);
    }
    setAside(refusals, batch, message -> history.checker().setAside(message.body()));
    acknowledge(consumer, batch);
  }

  private void acknowledge(Consumer<Submission> consumer, List<Message<Submission>> batch) {
    if (consumer.isOpen()) {
      batch.forEach(message -> history.checker().acknowledged(message.body()));
      consumer.acknowledge(batch);
    }
  }

  private <A> void handle(
      Consumer<A> consumer,
      Function<Message<A>, A> read,
      Function<List<A>, List<Refusal>> take,
      Function<A, Fingerprint> fingerprint,
      Function<A, RequestKey> key) {
    List<Message<A>> batch = next(consumer);
    decided.clear();
    batch.forEach(message -> history.checker().handedIn(fingerprint.apply(message.body())));
    List<Refusal> refusals = take.apply(batch.stream().map(read).toList());
    setAside(
        refusals, batch, message -> history.checker().setAside(fingerprint.apply(message.body())));
    if (consumer.isOpen()) {
      for (int i = 0; i < batch.size(); i++) {
        A answer = batch.get(i).body();
        int index = i;
        boolean done =
            decided.contains(key.apply(answer))
                || refusals.stream().anyMatch(refusal -> refusal.index() == index);
        history.checker().acknowledged(fingerprint.apply(answer), done);
      }
      consumer.acknowledge(batch);
    }
  }

  private <T> void setAside(
      List<Refusal> refusals,
      List<Message<T>> batch,
      java.util.function.Consumer<Message<T>> aside) {
    if (!refusals.isEmpty()) {
      List<Runnable> messages = new ArrayList<>();
      refusals.forEach(refusal -> messages.add(() -> aside.accept(batch.get(refusal.index()))));
      publisher.setAside(messages);
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
