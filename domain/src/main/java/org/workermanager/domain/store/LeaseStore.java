package org.workermanager.domain.store;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Knows which manager processes are at work: each holds a lease, and renews it. One whose lease has
 * ended counts as dead for good: what it left open may be taken over. Leases run out by the store's
 * clock alone.
 *
 * <p>Shared by all instances of a deployment. Each method is one transaction, durable when it
 * returns. Thread-safe; throws {@link StoreUnavailableException} when the store does not answer.
 */
public interface LeaseStore {

  /** Adds a lease, which runs out after so long. */
  void begin(UUID lease, String instance, Duration length);

  /**
   * Has a lease run out so long from now, even one that had run out, unless it was ended.
   *
   * @return false if it was ended
   */
  boolean renew(UUID lease, Duration length);

  /** Ends a lease, if it has not been ended. */
  void end(UUID lease);

  /** Ends the leases of this instance, left by earlier processes of the name. */
  void endOf(String instance);

  /** Ends every lease but this one: for a store that no other process can be using. */
  void endOthers(UUID lease);

  /**
   * Ends the leases that have run out.
   *
   * @return the instances that held them
   */
  List<String> endExpired();
}
