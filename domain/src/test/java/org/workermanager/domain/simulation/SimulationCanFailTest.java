package org.workermanager.domain.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;
import org.workermanager.domain.simulation.Sabotage.Flaw;
import org.workermanager.domain.store.Batch;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.Known;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestStore;

/** Breaks promises, one at a time, and sees that the simulator notices. */
class SimulationCanFailTest {

  private static final int MOST_SEEDS = 5_000;

  /**
   * @param because part of what the first history must complain about in which it is noticed
   */
  private static void assertNoticed(String because, Sabotage sabotage) {
    Simulation simulation = new Simulation(sabotage);
    for (long seed = 1; seed <= MOST_SEEDS; seed++) {
      try {
        simulation.run(seed);
      } catch (AssertionError e) {
        assertTrue(e.getMessage().contains("History " + seed + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(because), e.getMessage());
        return;
      }
    }
    fail("Not noticed in " + MOST_SEEDS + " histories");
  }

  @Test
  void aRequestIsAcknowledgedBeforeItIsStored() {
    assertNoticed("(guarantee 1)", Sabotage.of(Flaw.ACKNOWLEDGES_BEFORE_HANDING_IN));
  }

  @Test
  void whatIsDeferredIsAcknowledged() {
    assertNoticed("(guarantee 1)", Sabotage.of(Flaw.ACKNOWLEDGES_WHAT_IS_DEFERRED));
  }

  @Test
  void theBrokersMarkThatAMessageIsDeliveredAgainIsLost() {
    assertNoticed("(PROTOCOL 2", Sabotage.of(Flaw.LOSES_THE_REDELIVERED_MARK_OF_REQUESTS));
  }

  @Test
  void aReplyLosesTheNameOfItsDispatch() {
    assertNoticed(
        "an answer that names another dispatch", Sabotage.of(Flaw.LOSES_THE_NAME_OF_THE_DISPATCH));
  }

  @Test
  void theBrokersMarkThatAnAnswerIsDeliveredAgainIsLost() {
    assertNoticed("was taken once more", Sabotage.of(Flaw.LOSES_THE_REDELIVERED_MARK_OF_ANSWERS));
  }

  @Test
  void urgentRequestsAreLeftWaiting() {
    assertNoticed(
        "left waiting",
        Sabotage.ofDatabase(
            Broken.claimWaiting(
                (intact, places, limit, decision) ->
                    intact.claimWaiting(
                        places, Integer.MAX_VALUE, known -> decision.decide(last(limit, known))))));
  }

  private static Known last(int count, Known known) {
    Map<RequestKey, Request> last = new LinkedHashMap<>(known.held());
    known.held().keySet().stream()
        .limit(Math.max(0, known.held().size() - count))
        .forEach(last::remove);
    return new Known(last, Map.of(), Map.of(), open -> open);
  }

  @Test
  void urgentRequestsAreSentLast() {
    assertNoticed(
        "sent later",
        Sabotage.ofPublisher(
            Broken.dispatch(
                (intact, requests, allowed) -> {
                  List<HeldRequest> reversed = new ArrayList<>(requests);
                  Collections.reverse(reversed);
                  return intact.call(reversed, allowed);
                })));
  }

  /** As if no batch were open: of submissions only, and only where no mark is asked for. */
  @Test
  void aRequestIsSkippedForOneOfWhichNothingIsToldYet() {
    assertNoticed(
        "skipped for one that is over or untold",
        Sabotage.ofStore(
            Broken.change(
                (intact, keys, redelivered, decision) ->
                    intact.change(
                        keys,
                        redelivered,
                        known ->
                            decision.decide(
                                redelivered instanceof Set<?> marks && marks.isEmpty()
                                    ? new Known(known.held(), Map.of(), Map.of(), open -> open)
                                    : known)))));
  }

  /** As if those that were claimed last were still waiting. */
  @Test
  void aClaimIsForgotten() {
    AtomicReference<Known> claimed = new AtomicReference<>();
    assertNoticed(
        "by one at a time",
        Sabotage.ofDatabase(
            Broken.claimWaiting(
                (intact, places, limit, decision) ->
                    intact.claimWaiting(
                        places,
                        limit,
                        known -> {
                          Known before = claimed.getAndSet(known);
                          return decision.decide(
                              known.held().isEmpty() && before != null ? before : known);
                        }))));
  }

  @Test
  void aBatchIsClosedBeforeAllOfItIsPublished() {
    assertNoticed(
        "was never told",
        Sabotage.ofStore(
            Broken.change(
                (intact, keys, redelivered, decision) -> {
                  AtomicReference<Batch> opened = new AtomicReference<>();
                  Object result =
                      intact.change(
                          keys,
                          redelivered,
                          known -> {
                            Decision.Made<Object> made = decision.decide(known);
                            opened.set(made.changes().batch());
                            return made;
                          });
                  if (opened.get() != null) {
                    intact.close(opened.get().id());
                  }
                  return result;
                })));
  }

  @Test
  void finishedRequestsAreForgotten() {
    assertNoticed(
        "taken again",
        Sabotage.ofStore(
            Broken.change(
                (intact, keys, redelivered, decision) ->
                    intact.change(keys, List.of(), decision))));
  }

  @Test
  void dispatchesAreSentBeforeTheirRequestersHear() {
    assertNoticed("PROTOCOL 7", Sabotage.ofPublisher(SimulationCanFailTest::dispatchingFirst));
  }

  private static Publisher dispatchingFirst(Publisher intact) {
    List<Response> held = new ArrayList<>();
    return Broken.publisher(
            (respond, responses, allowed) -> {
              held.addAll(responses);
              return List.of();
            },
            (dispatch, requests, allowed) -> {
              List<Refused<HeldRequest>> refused = dispatch.call(requests, allowed);
              intact.respond(List.copyOf(held), allowed);
              held.clear();
              return refused;
            })
        .apply(intact);
  }

  @Test
  void responsesThatTheBrokerDidNotConfirmAreTakenForConfirmed() {
    assertNoticed(
        "GRANTED is confirmed before",
        Sabotage.ofPublisher(
            Broken.respond(
                (intact, responses, allowed) -> {
                  try {
                    return intact.call(responses, allowed);
                  } catch (BrokerUnavailableException e) {
                    return List.of();
                  }
                })));
  }

  @Test
  void dispatchesAreSentTwice() {
    assertNoticed(
        "sent once more",
        Sabotage.ofPublisher(
            Broken.dispatch(
                (intact, requests, allowed) -> {
                  intact.call(requests, allowed);
                  return intact.call(requests, allowed);
                })));
  }

  private static Sabotage ofEachResponse(UnaryOperator<Response> breaking) {
    return Sabotage.ofPublisher(
        Broken.respond(
            (intact, responses, allowed) ->
                intact.call(responses.stream().map(breaking).toList(), allowed)));
  }

  private static Response response(Response r, RequestKey key, Content content) {
    return new Response(
        r.state(),
        key,
        r.source(),
        r.session(),
        r.contentType(),
        r.workerType(),
        r.messages(),
        content);
  }

  @Test
  void theResultOfOneRequestGoesToAnother() {
    AtomicReference<Content> before = new AtomicReference<>();
    assertNoticed(
        "instead of",
        ofEachResponse(
            r -> {
              if (r.state() != ResponseState.SUCCESS) {
                return r;
              }
              Content others = before.getAndSet(r.content());
              return response(r, r.key(), others == null ? r.content() : others);
            }));
  }

  @Test
  void aResponseGoesToAnotherTenant() {
    assertNoticed(
        "(guarantee 7)",
        ofEachResponse(r -> response(r, new RequestKey("t1", r.key().requestId()), r.content())));
  }

  @Test
  void nobodyTakesOverWhatTheDeadLeftOpen() {
    assertNoticed(
        "left open",
        Sabotage.ofStore(
            Broken.method(
                RequestStore.class, "abandonedBatches", (intact, arguments) -> List.of())));
  }

  @Test
  void aLeaseNeverRunsOut() {
    assertNoticed(
        "left open",
        Sabotage.ofLeases(
            Broken.method(LeaseStore.class, "endExpired", (intact, arguments) -> List.of())));
  }

  @Test
  void aLeaseThatHasEndedIsRenewed() {
    assertNoticed(
        "opened when it had ended",
        Sabotage.ofLeases(Broken.method(LeaseStore.class, "renew", (intact, arguments) -> true)));
  }

  @Test
  void allLeasesRunOut() {
    assertNoticed(
        "(guarantee 3)",
        Sabotage.ofLeases(
            Broken.method(
                LeaseStore.class,
                "endExpired",
                (intact, arguments) -> {
                  intact.endOthers(new UUID(0, 0));
                  return List.of();
                })));
  }

  @Test
  void aLeaseThatIsOverIsNotHeeded() {
    assertNoticed(
        "(guarantee 3)",
        Sabotage.ofPublisher(
            Broken.publisher(
                (intact, responses, allowed) -> intact.call(responses, () -> true),
                (intact, requests, allowed) -> intact.call(requests, () -> true))));
  }
}
