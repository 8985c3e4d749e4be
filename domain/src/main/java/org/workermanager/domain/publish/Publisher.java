package org.workermanager.domain.publish;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.response.Response;

/**
 * Publishes to requesters and workers, and looks at workers' queues. Thread-safe.
 *
 * <p>When a method returns, the broker has confirmed every message that is not among the refused
 * ones. It throws {@link BrokerUnavailableException} when the broker does not answer, or not in
 * time, or when it may not publish any longer: then any of the messages may have been published or
 * not.
 *
 * <p>While the broker answers and takes no messages for now, being short of memory, say, a method
 * may wait for as long as that lasts.
 */
public interface Publisher {

  /**
   * Publishes responses, those to one request in the order given (PROTOCOL section 7).
   *
   * @param allowed asked before each message whether it may still be published; quick
   * @return those that the broker will not take
   */
  List<Refused<Response>> respond(List<Response> responses, BooleanSupplier allowed);

  /**
   * Publishes each request to the worker type its state says it is dispatched to, whose queue is
   * there afterwards (PROTOCOL sections 1 and 3).
   *
   * @param allowed asked before each message whether it may still be published; quick
   * @return those that the broker does not take now
   */
  List<Refused<HeldRequest>> dispatch(List<HeldRequest> requests, BooleanSupplier allowed);

  /** What the broker has in the queue of this worker type, which need not exist. */
  QueueState workerQueue(String workerType);
}
