package org.workermanager.domain.store;

import java.util.List;
import java.util.Optional;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;

/**
 * Finds held requests for people; finished ones are held no more. Reads only, and locks nothing.
 *
 * <p>Thread-safe. Every method throws {@link StoreUnavailableException} when the store does not
 * answer, and {@link SearchTooLongException} when looking through what is held takes too long.
 */
public interface RequestSearch {

  /** A page of the tenant's requests that the filter applies to. */
  Page search(String tenant, RequestFilter filter, PageRequest page);

  /** How many of the tenant's requests the filter applies to. */
  RequestCounts count(String tenant, RequestFilter filter);

  /** One request in full. */
  Optional<RequestDetails> find(RequestKey key);

  /** The number of the request that arrived last, of any tenant; 0 if none is held. */
  long lastId();

  /**
   * The first of the tenant's requests, in the order of arrival, that the filter applies to and
   * whose numbers are higher than one and not higher than another. They may be fewer than the limit
   * where their contents are large, but not none: what is done to them all at once has to fit into
   * memory.
   */
  List<NumberedRequest> between(
      String tenant, RequestFilter filter, long after, long upTo, int limit);
}
