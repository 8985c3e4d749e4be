package org.workermanager.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.store.Batch;

/**
 * What follows from the stored states of a batch's requests, published only while the lease lasts
 * under which the batch was opened: the requester's response to each, and the dispatch of those
 * that are sent to a worker (PROTOCOL sections 4, 5 and 7).
 *
 * <p>Thread-safe.
 */
final class Publication {

  private static final Comparator<HeldRequest> URGENT_FIRST =
      Comparator.comparingInt((HeldRequest held) -> held.request().priority()).reversed();

  private final Lease lease;
  private final Publisher publisher;
  private final Monitor monitor;
  private final Availability availability;
  private final boolean deadLetterResponses;

  Publication(Settings settings, Ports ports, Availability availability, Lease lease) {
    this.lease = lease;
    this.publisher = ports.publisher();
    this.monitor = ports.monitor();
    this.availability = availability;
    this.deadLetterResponses = settings.deadLetterResponses();
  }

  /**
   * What is owed about requests as they were found in the store, the urgent ones first: that a
   * worker has begun, or is said to have, changes nothing about that.
   */
  static List<HeldRequest> owed(List<HeldRequest> changed) {
    return changed.stream()
        .map(held -> new HeldRequest(notBegun(held.request()), held.content()))
        .sorted(URGENT_FIRST)
        .toList();
  }

  private static Request notBegun(Request request) {
    RequestState state = request.state();
    return state.status() == RequestStatus.RUNNING
        ? request.as(state.dispatched(state.position(), state.workerType(), state.dispatch()))
        : request;
  }

  /**
   * Tells the requesters.
   *
   * @param alsoSay responses to what was not stored
   */
  void respond(Batch batch, List<HeldRequest> requests, List<Response> alsoSay) {
    List<Response> responses = new ArrayList<>();
    requests.stream()
        .filter(this::isToBeTold)
        .map(Response::about)
        .filter(Objects::nonNull)
        .forEach(responses::add);
    // afterwards: of two requests with one id, the first is granted before the second is skipped
    responses.addAll(alsoSay);
    if (!responses.isEmpty()) {
      lease.require(batch.lease());
      publisher
          .respond(responses, () -> lease.isHeld(batch.lease()))
          .forEach(no -> monitor.responseRefused(no.message(), no.reason()));
    }
  }

  private boolean isToBeTold(HeldRequest held) {
    RequestState state = held.request().state();
    boolean deadLetter = state.status() == RequestStatus.ERROR && state.answeredBy().isDeadLetter();
    return deadLetterResponses || !deadLetter;
  }

  /**
   * Sends to the workers what is dispatched.
   *
   * @return what the broker did not take
   */
  List<Refused<HeldRequest>> dispatch(Batch batch, List<HeldRequest> requests) {
    List<HeldRequest> dispatches =
        requests.stream()
            .filter(held -> held.request().status() == RequestStatus.DISPATCHED)
            .toList();
    if (dispatches.isEmpty()) {
      return List.of();
    }
    lease.require(batch.lease());
    List<Refused<HeldRequest>> refused =
        publisher.dispatch(dispatches, () -> lease.isHeld(batch.lease()));
    Set<String> taken =
        dispatches.stream().map(Publication::workerType).collect(Collectors.toSet());
    for (Refused<HeldRequest> refusal : refused) {
      String workerType = workerType(refusal.message());
      taken.remove(workerType);
      availability.refused(workerType, refusal.reason());
      monitor.dispatchRefused(refusal.message().request(), refusal.reason());
    }
    taken.forEach(availability::taken);
    return refused;
  }

  private static String workerType(HeldRequest dispatched) {
    return dispatched.request().state().workerType();
  }
}
