package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.registry.Beat;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.registry.WorkerRegistry;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.store.RequestStore;

/**
 * A worker manager without the technology around it: what arrives is handed to it in batches, and
 * it decides, stores and publishes through its {@link Ports}.
 *
 * <p><b>Returning means safe to acknowledge.</b> When a method that takes messages returns, all
 * that it decided is stored and published, but for the messages it returns as {@link Leftover}s,
 * for the caller to set aside or to hand in again. When it throws, store or broker did not answer
 * ({@link org.workermanager.domain.store.StoreUnavailableException}, {@link
 * org.workermanager.domain.publish.BrokerUnavailableException}): nothing may be acknowledged then,
 * and the same messages are handed in again later.
 *
 * <p>Thread-safe. It has no threads of its own: call {@link #tick()} a few times a second, {@link
 * #renewLease()} every {@link #RENEWAL}, {@link #lookForOverdue()} every few seconds, and {@link
 * #dispatchWaiting()} whenever the waiting signal is given, which comes again if that failed; the
 * first three on threads that do nothing else. Call {@link #start()} before anything else but
 * {@link #brokerForgot()} and {@link #renewLease()}, which is to be called while that takes long,
 * too; and {@link #end()} after all.
 */
public final class WorkerManager {

  /** How often the lease is to be renewed. */
  public static final Duration RENEWAL = Duration.ofSeconds(3);

  /**
   * How often things are looked for that should have been noticed already, were it not for some
   * race or crash.
   */
  private static final Duration SAFETY_NET = Duration.ofSeconds(5);

  private final Settings settings;
  private final Ports ports;
  private final RequestStore store;
  private final Monitor monitor;
  private final WorkerRegistry registry;
  private final Availability availability;
  private final Configurations configurations;
  private final Lease lease;
  private final OpenBatches batches;
  private final Intake intake;
  private final Answers answers;
  private final Draining draining;
  private final WorkerMemory memory;
  private final Overdue overdue;
  private final Operator operator;
  private long lastSafetyNetNanos;

  public WorkerManager(Settings settings, Ports ports) {
    this.settings = requireNonNull(settings, "settings");
    this.ports = requireNonNull(ports, "ports");
    store = ports.stores().requests();
    monitor = ports.monitor();
    registry = new WorkerRegistry(settings.heartbeatExpiry(), ports.clock(), ports.nanoClock());
    memory = new WorkerMemory(registry, ports);
    configurations = new Configurations(ports.stores().configurations(), monitor);
    availability = new Availability(registry, configurations::isPaused, ports.nanoClock());
    lease = new Lease(settings.instance(), ports);
    batches = new OpenBatches(settings, ports, availability, lease);
    intake = new Intake(configurations, availability, batches, ports);
    answers = new Answers(configurations, availability, batches, ports);
    draining = new Draining(settings.pageSize(), configurations, availability, batches, ports);
    Operations operations =
        new Operations(settings.pageSize(), configurations, availability, batches, draining, ports);
    overdue = new Overdue(settings, configurations, registry, operations, ports);
    operator =
        new Operator(
            configurations, this::refresh, registry, availability, operations, overdue, ports);
  }

  /** What people ask of it. */
  public Operator operator() {
    return operator;
  }

  /**
   * Reads the configurations and who is alive, and takes up what earlier processes of this
   * instance's name left undone: they are to be known to be dead.
   */
  public void start() {
    configurations.load();
    memory.recall();
    listening();
    lease.begin();
    batches.takeOverAbandoned();
    dispatchToRemembered();
    lastSafetyNetNanos = ports.nanoClock().getAsLong();
  }

  /** Heartbeats arrive from now on, and may have been missed until now. */
  public void listening() {
    overdue.listening();
  }

  /**
   * Has all that was dispatched be dispatched again, for a broker that has lost all messages. To be
   * called before {@link #start()}, which publishes again what earlier processes had in hand, and
   * only where no other instance can be running on the same store.
   */
  public void brokerForgot() {
    store.returnAllToWaiting("The broker was restarted and had lost the request.", ports.now());
  }

  /**
   * Takes up what earlier processes of any name left undone; called after {@link #start()}, and
   * only where no other instance can be running on the same store.
   */
  public void takeUpAll() {
    lease.endOthers();
    batches.takeOverAbandoned();
  }

  /** Those who are remembered do not come alive, which is when waiting requests are looked for. */
  private void dispatchToRemembered() {
    draining.request(registry.aliveTypes());
  }

  /**
   * Finds out, by throwing or not, whether the store answers and what was interrupted could be
   * finished.
   */
  public void check() {
    lease.renew();
    batches.finishInterrupted();
    batches.takeBack();
  }

  /**
   * Keeps other instances from taking this one for dead. Where it fails for too long, nothing is
   * published until it works again. What could not be published for too long is left to others.
   */
  public void renewLease() {
    lease.renew();
    batches.giveUpStuck();
  }

  /** Has other instances take over what is still open, if anything is, at once. */
  public void end() {
    lease.end();
  }

  /** Takes requests that nobody else can have been given (PROTOCOL section 2). */
  public List<Leftover> submit(List<Submission> submissions) {
    return submit(submissions, () -> true);
  }

  /**
   * Takes requests (PROTOCOL section 2).
   *
   * @param inHand asked just before it is decided about the messages, in the transaction, whether
   *     they are still in the caller's hands, and not back with the broker, which may have given
   *     them to another one: if they are not, nothing is decided about them; quick
   */
  public List<Leftover> submit(List<Submission> submissions, BooleanSupplier inHand) {
    batches.finishInterrupted();
    return Leftover.isolate(
        submissions,
        // either may be missing
        submission -> Arrays.asList(submission.tenant(), submission.requestId()),
        part -> {
          List<Leftover> leftovers = new ArrayList<>();
          draining.recheck(intake.take(part, inHand, leftovers));
          return leftovers;
        });
  }

  /** Takes workers' replies that nobody else can have been given (PROTOCOL section 5). */
  public List<Leftover> replies(List<Reply> replies) {
    return replies(replies, () -> true);
  }

  /**
   * Takes workers' replies (PROTOCOL section 5).
   *
   * @param inHand as for {@link #submit(List, BooleanSupplier) requests}
   */
  public List<Leftover> replies(List<Reply> replies, BooleanSupplier inHand) {
    List<Reply> checked = replies.stream().map(this::checkHeaders).toList();
    return take(checked, Answers.REPLIES, inHand);
  }

  /**
   * Takes dead letters of dispatched requests that nobody else can have been given (PROTOCOL
   * section 6).
   */
  public List<Leftover> deadLetters(List<DeadLetter> letters) {
    return deadLetters(letters, () -> true);
  }

  /**
   * Takes dead letters of dispatched requests (PROTOCOL section 6).
   *
   * @param inHand as for {@link #submit(List, BooleanSupplier) requests}
   */
  public List<Leftover> deadLetters(List<DeadLetter> letters, BooleanSupplier inHand) {
    return take(letters, Answers.DEAD_LETTERS, inHand);
  }

  /**
   * Takes heartbeats that have just arrived (PROTOCOL section 4); touches neither store nor broker.
   */
  public void heartbeats(List<Heartbeat> beats) {
    for (Heartbeat beat : beats) {
      if (registry.beat(beat, monitor::workerClockWrong) == Beat.TYPE_CAME_ALIVE) {
        monitor.workerTypeAlive(beat.workerType(), configurations.haveWorker(beat.workerType()));
        draining.request(Set.of(beat.workerType()));
      }
    }
  }

  /**
   * Does what time brings: notices silent workers and changed configurations, finishes what was
   * interrupted. Not to be called by several threads at once.
   */
  public void tick() {
    registry.forgetSilent().forEach(monitor::workerTypeSilent);
    batches.finishInterrupted();
    refresh();
    draining.request(availability.toTryAgain());
    long now = ports.nanoClock().getAsLong();
    if (now - lastSafetyNetNanos >= SAFETY_NET.toNanos()) {
      batches.takeOverAbandoned();
      draining.requestBetweenSteps();
      draining.request(registry.aliveTypes());
      draining.remind();
      store.dropMarks(settings.markRetention());
      lastSafetyNetNanos = now;
    }
    // the last of all, for nothing depends on it
    memory.keep();
  }

  /**
   * Looks for requests that were sent to a worker type longer ago than its dispatch time-out, and
   * has those wait again that nobody can be at work on. To be called every few seconds, by one
   * thread that does nothing else: with very many requests it takes minutes.
   */
  public void lookForOverdue() {
    overdue.look();
  }

  /**
   * Dispatches some of the waiting requests that something can be done for.
   *
   * @return whether there may be more: then it is to be called again
   */
  public boolean dispatchWaiting() {
    batches.finishInterrupted();
    return draining.drainPage();
  }

  /**
   * Configures a tenant from a file given at start, unless it is the one last imported for this
   * tenant this way: a restart must not undo what an operator changed (PROTOCOL section 9).
   *
   * @param file of the file's bytes
   * @throws InvalidConfigurationException as {@link Operator#configure} does
   */
  public void configureAtStart(String tenant, ConfigurationUpdate update, Fingerprint file) {
    Operator.requireTenant(tenant);
    configurations.updateAtStart(tenant, update, file);
    refresh();
  }

  private void refresh() {
    if (configurations.refresh()) {
      draining.requestBetweenSteps();
      draining.request(registry.aliveTypes());
    }
  }

  private <A> List<Leftover> take(List<A> messages, Answers.Kind<A> kind, BooleanSupplier inHand) {
    batches.finishInterrupted();
    return Leftover.isolate(
        messages,
        message -> kind.key().apply(message),
        part -> {
          List<Leftover> leftovers = new ArrayList<>();
          draining.recheck(answers.take(part, kind, inHand, leftovers));
          return leftovers;
        });
  }

  private Reply checkHeaders(Reply reply) {
    return reply.withAdditionalHeaders(
        AdditionalHeaders.passedOn(
            reply.additionalHeaders(),
            (name, why) -> monitor.headerDropped(reply.key(), name, why)));
  }
}
