package org.workermanager.domain.store;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;

/**
 * What one transaction stores.
 *
 * @param batch opened when anything is stored; null where nothing has to be published
 * @param inserted new requests
 * @param updated known requests in their new states
 */
public record Changes(Batch batch, List<HeldRequest> inserted, List<Change> updated) {

  /** The states in which a request's content is sent, to its worker or its requester. */
  private static final Set<RequestStatus> SENT =
      EnumSet.of(RequestStatus.DISPATCHED, RequestStatus.SUCCESS);

  /** Nothing to store. */
  public static final Changes NONE = new Changes(null, List.of(), List.of());

  public Changes {
    inserted = List.copyOf(requireNonNull(inserted, "inserted"));
    updated = List.copyOf(requireNonNull(updated, "updated"));
  }

  /** These updates and no inserts. The batch is not opened if there are none. */
  public static Changes updating(Batch batch, List<Change> updated) {
    return new Changes(updated.isEmpty() ? null : batch, List.of(), updated);
  }

  public boolean isEmpty() {
    return inserted.isEmpty() && updated.isEmpty();
  }

  /** All requests as they are afterwards. */
  public Stream<Request> requests() {
    return Stream.concat(
        inserted.stream().map(HeldRequest::request), updated.stream().map(Change::request));
  }

  /** Whether a request is to be sent whose content is only in the store. */
  public boolean lacksContents() {
    return updated.stream()
        .anyMatch(change -> change.content() == null && SENT.contains(change.request().status()));
  }

  /**
   * All requests as they are afterwards, with those contents that are to be sent; not while they
   * lack.
   */
  public List<HeldRequest> heldRequests() {
    Stream<HeldRequest> changed =
        updated.stream()
            .map(
                change ->
                    new HeldRequest(
                        change.request(), requireNonNullElse(change.content(), Content.NONE)));
    return Stream.concat(inserted.stream(), changed).toList();
  }
}
