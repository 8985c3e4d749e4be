package org.workermanager.domain.search;

import java.time.Instant;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;

/**
 * Which of a tenant's held requests are looked for (PROTOCOL sections 8 and 10): those to which all
 * of it applies. Whatever is null applies to every request.
 *
 * @param source text that the owner contains, in this case; likewise session
 * @param dispatchedWorkerType text that the worker type it was last sent to contains; what was
 *     never sent does not match
 * @param ids by {@link NumberedRequest#id()}
 * @param createdAfter the earliest creation date, included
 * @param createdBefore the latest creation date, included
 * @param unchangedSince finds requests that have been in their present state since then or longer
 */
public record RequestFilter(
    String source,
    String session,
    String dispatchedWorkerType,
    ContentTypeSelection contentTypes,
    Selection<RequestStatus> statuses,
    Selection<Long> ids,
    Instant createdAfter,
    Instant createdBefore,
    Instant unchangedSince) {

  /** Finds every request. */
  public static final RequestFilter ALL =
      new RequestFilter(null, null, null, null, null, null, null, null, null);

  /** The same for requests in these states only. */
  public RequestFilter withStatuses(Selection<RequestStatus> newStatuses) {
    return new RequestFilter(
        source,
        session,
        dispatchedWorkerType,
        contentTypes,
        newStatuses,
        ids,
        createdAfter,
        createdBefore,
        unchangedSince);
  }

  /** The same for requests created until this moment only. */
  public RequestFilter createdUntil(Instant moment) {
    boolean narrower = createdBefore != null && createdBefore.isBefore(moment);
    return new RequestFilter(
        source,
        session,
        dispatchedWorkerType,
        contentTypes,
        statuses,
        ids,
        createdAfter,
        narrower ? createdBefore : moment,
        unchangedSince);
  }

  /** The same for these requests only. */
  public RequestFilter withIds(Selection<Long> newIds) {
    return new RequestFilter(
        source,
        session,
        dispatchedWorkerType,
        contentTypes,
        statuses,
        newIds,
        createdAfter,
        createdBefore,
        unchangedSince);
  }

  /** Whether it applies to this request. */
  public boolean matches(NumberedRequest numbered) {
    Request request = numbered.request();
    return contains(request.source(), source)
        && contains(request.session(), session)
        && contains(request.state().dispatchedWorkerType(), dispatchedWorkerType)
        && (contentTypes == null || contentTypes.selects(request.contentType()))
        && (statuses == null || statuses.selects(request.status()))
        && (ids == null || ids.selects(numbered.id()))
        && (createdAfter == null || !request.creationDate().isBefore(createdAfter))
        && (createdBefore == null || !request.creationDate().isAfter(createdBefore))
        && (unchangedSince == null || !request.since().isAfter(unchangedSince));
  }

  private static boolean contains(String text, String part) {
    return part == null || text != null && text.contains(part);
  }
}
