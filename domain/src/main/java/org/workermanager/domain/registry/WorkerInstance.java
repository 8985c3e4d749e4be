package org.workermanager.domain.registry;

import java.time.Duration;
import java.time.Instant;

/**
 * What is known of one worker instance, from one heartbeat to the next.
 *
 * @param arrivedNanos when its last beat arrived, on a clock that does not jump
 * @param date what that beat said; of a remembered one when its last beat arrived
 * @param counts whether the instance is taken for alive
 * @param clockWrong whether its clock was found to be behind by more than the expiry
 * @param firstBeat when its first beat arrived, by the manager's clock
 * @param lastBeat when its last one did
 */
record WorkerInstance(
    long arrivedNanos,
    Instant date,
    boolean counts,
    boolean clockWrong,
    Instant firstBeat,
    Instant lastBeat) {

  /** Beats are never spaced quite evenly: some arrive late. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  static WorkerInstance first(Heartbeat beat, long nowNanos, Instant now, Duration expiry) {
    boolean counts = !beat.date().isBefore(earliest(now, expiry));
    return new WorkerInstance(nowNanos, beat.date(), counts, false, now, now);
  }

  /** One that is remembered from before a restart counts as if it had beaten just now. */
  static WorkerInstance remembered(KnownWorker worker, long nowNanos) {
    return new WorkerInstance(
        nowNanos, worker.lastBeat(), true, false, worker.firstBeat(), worker.lastBeat());
  }

  /**
   * After another beat. One that was too old at first counts when it is dated later by about the
   * time that passed: then the worker lives and its clock is wrong. Old beats that arrive in one go
   * are dated far apart and do not count.
   */
  WorkerInstance next(Heartbeat beat, long nowNanos, Instant now, Duration expiry) {
    boolean stillCounts = counts && (clockWrong || !expired(nowNanos, expiry));
    if (stillCounts || !beat.date().isBefore(earliest(now, expiry))) {
      return new WorkerInstance(nowNanos, beat.date(), true, clockWrong, firstBeat, now);
    }
    Duration passed = Duration.ofNanos(nowNanos - arrivedNanos);
    Duration dated = Duration.between(date, beat.date());
    boolean clockIsWrong =
        beat.date().isAfter(date)
            && dated.minus(passed).abs().compareTo(TOLERANCE.plus(passed.dividedBy(10))) <= 0;
    // without this, a burst of old beats within the tolerance would pass for a living worker
    boolean apart = passed.compareTo(dated.dividedBy(2)) >= 0;
    boolean alive = clockIsWrong && apart;
    return new WorkerInstance(nowNanos, beat.date(), alive, alive, firstBeat, now);
  }

  boolean expired(long nowNanos, Duration expiry) {
    return nowNanos - arrivedNanos >= expiry.toNanos();
  }

  /** Later than it expires: one that beats seldom is to be compared with its next beat. */
  boolean forgotten(long nowNanos, Duration expiry) {
    return nowNanos - arrivedNanos >= 2 * expiry.toNanos();
  }

  private static Instant earliest(Instant now, Duration expiry) {
    return now.minus(expiry);
  }
}
