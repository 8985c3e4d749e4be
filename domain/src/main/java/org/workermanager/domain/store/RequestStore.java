package org.workermanager.domain.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.search.NumberedRequest;

/**
 * Keeps held requests, open batches and the marks of finished requests. Shared by all instances of
 * a deployment.
 *
 * <p>Each method is one transaction, durable when it returns. Thread-safe. Every method throws
 * {@link StoreUnavailableException} when the store does not answer: then the transaction may have
 * been committed or not. {@link #change} throws {@link StoreRefusedException} when the store
 * answers that it cannot keep what it was given: then nothing was stored.
 */
public interface RequestStore {

  /**
   * Locks the held requests among these, in key order, has the decision made, and stores it.
   *
   * @param keys whose held requests the decision needs
   * @param redelivered those among keys for which it also needs {@link Known#hasFinished}
   */
  <R> R change(
      Collection<RequestKey> keys, Collection<RequestKey> redelivered, Decision<R> decision);

  /**
   * The same with requests that wait at any of these places and are in no open batch: those that
   * come first by priority, the highest first, and then arrival; without those that another
   * transaction has locked.
   *
   * @param limit how many at most. Fewer may come, though more wait, when their contents are large
   */
  <R> R claimWaiting(Collection<WaitingPlace> places, int limit, Decision<R> decision);

  /**
   * The same with requests that a search found, as they are by now: without those that are held no
   * more, and without those in an open batch, which are still moving. Waits for those that another
   * transaction has locked.
   */
  <R> R changeFound(Collection<NumberedRequest> found, Decision<R> decision);

  /**
   * The requests that this open batch changed last, with their contents; none if it is not open.
   */
  List<HeldRequest> load(UUID batch);

  /**
   * Closes the batch: all is published. Removes the finished requests it changed last; each leaves
   * a mark.
   */
  void close(UUID batch);

  /** All open batches, of every process. */
  List<Batch> openBatches();

  /** The open batches of processes whose lease has ended. */
  List<UUID> abandonedBatches();

  /**
   * Has another batch take the place of an open one, so that whoever worked on that finds nothing
   * left to do: what it changed last, the other one has changed.
   *
   * @return as {@link #load} does of the other one; none, and that one is not open, if the first
   *     was not
   */
  List<HeldRequest> takeOver(UUID abandoned, Batch by);

  /**
   * Has every dispatched or running request wait for another dispatch since this moment: for a
   * broker that has lost them all.
   *
   * @return how many
   */
  int returnAllToWaiting(String reason, Instant now);

  /**
   * Drops the marks of requests that finished longer ago than this, by the clock that dated them.
   *
   * @return how many
   */
  int dropMarks(Duration age);
}
