package org.workermanager.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.StoreUnavailableException;

/**
 * This process's right to publish, which nobody else takes from it as long as it renews it in time.
 * Held for less long than the store has it, so that it is over here before anybody takes over what
 * is left open. One that was ended by another process is replaced by a new one, under which nothing
 * is open yet.
 *
 * <p>The store's clock alone decides when others may end it, so that no other clocks have to agree.
 * Where that one jumps ahead by {@link #LENGTH}, those of live processes end too: until they find
 * out at their next renewal, what they have in hand may be published twice, as after a crash.
 *
 * <p>Thread-safe.
 */
final class Lease {

  /**
   * How long a lease lasts in the store: what a dead process left open is taken up about so much
   * later.
   */
  static final Duration LENGTH = Duration.ofSeconds(15);

  /** How long after its last renewal it is used. */
  static final Duration USE = Duration.ofSeconds(10);

  /**
   * A lease as last renewed.
   *
   * @param sinceNanos since when this process has held one without a gap
   * @param renewedNanos when its last renewal was sent off
   * @param renewed the same by the time of day, which goes on while the whole machine is suspended
   */
  private record Held(UUID id, long sinceNanos, long renewedNanos, Instant renewed) {}

  private final String instance;
  private final LeaseStore store;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private volatile Held held;

  Lease(String instance, Ports ports) {
    this.instance = instance;
    this.store = ports.stores().leases();
    this.clock = ports.clock();
    this.nanoClock = ports.nanoClock();
    this.random = ports.random();
  }

  /** Begins; earlier processes of this instance's name are known to be dead. */
  synchronized void begin() {
    store.endOf(instance);
    beginAnother(nanoClock.getAsLong());
  }

  private void beginAnother(long sinceNanos) {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    long nanos = nanoClock.getAsLong();
    Instant now = clock.instant();
    store.begin(id, instance, LENGTH);
    held = new Held(id, sinceNanos, nanos, now);
  }

  /** Goes on under another one, so that whatever is open under this one may be taken over. */
  synchronized void replace() {
    Held before = held;
    if (before != null) {
      beginAnother(isHeld(before) ? before.sinceNanos() : nanoClock.getAsLong());
      store.end(before.id());
    }
  }

  /** Renews it; to be called several times while it lasts. Does nothing before it has begun. */
  synchronized void renew() {
    Held before = held;
    if (before == null) {
      return;
    }
    boolean gap = !isHeld(before);
    long nanos = nanoClock.getAsLong();
    Instant now = clock.instant();
    if (store.renew(before.id(), LENGTH)) {
      held = new Held(before.id(), gap ? nanos : before.sinceNanos(), nanos, now);
    } else {
      beginAnother(nanos);
    }
  }

  /** Ends the leases of all others: no other process can be using the store. */
  void endOthers() {
    store.endOthers(require());
  }

  /** Ends it for good: nothing is published any more. */
  synchronized void end() {
    Held before = held;
    if (before != null) {
      held = null;
      store.end(before.id());
    }
  }

  /**
   * The present one.
   *
   * @throws StoreUnavailableException if there is none that is still in use
   */
  UUID require() {
    Held present = held;
    if (present == null) {
      throw over(
          "This worker manager has no lease: call start() before anything else, and nothing after end()");
    }
    if (!isHeld(present)) {
      throw over(
          "This instance's lease was not renewed for %d s: the database did not answer in time, the process was held up, or what it is embedded in does not call renewLease() every %d s"
              .formatted(USE.toSeconds(), WorkerManager.RENEWAL.toSeconds()));
    }
    return present.id();
  }

  /** Fails if this is not the present lease, or it is not in use any more. */
  void require(UUID lease) {
    if (!require().equals(lease)) {
      throw over(
          "The lease has ended under which this was begun: it is tried again, by this instance or another");
    }
  }

  boolean isHeld(UUID lease) {
    Held present = held;
    return present != null && present.id().equals(lease) && isHeld(present);
  }

  /**
   * Whether it has been held long enough for every other live process to have renewed its own, even
   * if the store did not answer before.
   */
  boolean isSettled() {
    Held present = held;
    return present != null
        && isHeld(present)
        && nanoClock.getAsLong() - present.sinceNanos() >= LENGTH.toNanos();
  }

  private boolean isHeld(Held lease) {
    return nanoClock.getAsLong() - lease.renewedNanos() < USE.toNanos()
        && clock.instant().isBefore(lease.renewed().plus(USE));
  }

  private static StoreUnavailableException over(String reason) {
    return new StoreUnavailableException(reason, null);
  }
}
