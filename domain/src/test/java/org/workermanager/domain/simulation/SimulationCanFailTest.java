package org.workermanager.domain.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;
import org.workermanager.domain.routing.WaitingPlace;
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

  /** What a method of a port does instead, given its arguments. */
  @FunctionalInterface
  private interface Instead {
    Object call(Object[] arguments);
  }

  private static <T> T instead(Class<T> type, T intact, String replaced, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(replaced)) {
                return instead.call(arguments);
              }
              try {
                return method.invoke(intact, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** A transaction that locks requests, and of which some is broken. */
  @FunctionalInterface
  private interface Change {
    Object call(RequestStore intact, Object[] arguments, Decision<Object> decision);
  }

  @SuppressWarnings("unchecked")
  private static RequestStore changing(RequestStore intact, String replaced, Change change) {
    return instead(
        RequestStore.class,
        intact,
        replaced,
        arguments -> change.call(intact, arguments, (Decision<Object>) arguments[2]));
  }

  @SuppressWarnings("unchecked")
  private static Collection<RequestKey> keys(Object argument) {
    return (Collection<RequestKey>) argument;
  }

  /** A publisher of which some is broken. */
  private static class Through implements Publisher {

    final Publisher intact;

    Through(Publisher intact) {
      this.intact = intact;
    }

    @Override
    public List<Refused<Response>> respond(List<Response> responses, BooleanSupplier allowed) {
      return intact.respond(responses, allowed);
    }

    @Override
    public List<Refused<HeldRequest>> dispatch(
        List<HeldRequest> requests, BooleanSupplier allowed) {
      return intact.dispatch(requests, allowed);
    }

    @Override
    public QueueState workerQueue(String workerType) {
      return intact.workerQueue(workerType);
    }
  }

  private static Sabotage ofResponses(UnaryOperator<Response> breaking) {
    return Sabotage.ofPublisher(
        publisher ->
            new Through(publisher) {
              @Override
              public List<Refused<Response>> respond(
                  List<Response> responses, BooleanSupplier allowed) {
                return super.respond(responses.stream().map(breaking).toList(), allowed);
              }
            });
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
  @SuppressWarnings("unchecked")
  void urgentRequestsAreLeftWaiting() {
    assertNoticed(
        "left waiting",
        Sabotage.ofDatabase(
            database ->
                changing(
                    database,
                    "claimWaiting",
                    (intact, arguments, decision) ->
                        intact.claimWaiting(
                            (Collection<WaitingPlace>) arguments[0],
                            Integer.MAX_VALUE,
                            known -> decision.decide(last((Integer) arguments[1], known))))));
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
            publisher ->
                new Through(publisher) {
                  @Override
                  public List<Refused<HeldRequest>> dispatch(
                      List<HeldRequest> requests, BooleanSupplier allowed) {
                    List<HeldRequest> reversed = new ArrayList<>(requests);
                    Collections.reverse(reversed);
                    return super.dispatch(reversed, allowed);
                  }
                }));
  }

  /** As if no batch were open: of submissions only, and only where no mark is asked for. */
  @Test
  void aRequestIsSkippedForOneOfWhichNothingIsToldYet() {
    assertNoticed(
        "skipped for one that is over or untold",
        Sabotage.ofStore(
            store ->
                changing(
                    store,
                    "change",
                    (intact, arguments, decision) ->
                        intact.change(
                            keys(arguments[0]),
                            keys(arguments[1]),
                            known ->
                                decision.decide(
                                    arguments[1] instanceof Set<?> marks && marks.isEmpty()
                                        ? new Known(known.held(), Map.of(), Map.of(), open -> open)
                                        : known)))));
  }

  /** As if those that were claimed last were still waiting. */
  @Test
  @SuppressWarnings("unchecked")
  void aClaimIsForgotten() {
    AtomicReference<Known> claimed = new AtomicReference<>();
    assertNoticed(
        "by one at a time",
        Sabotage.ofDatabase(
            database ->
                changing(
                    database,
                    "claimWaiting",
                    (intact, arguments, decision) ->
                        intact.claimWaiting(
                            (Collection<WaitingPlace>) arguments[0],
                            (Integer) arguments[1],
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
            store ->
                changing(
                    store,
                    "change",
                    (intact, arguments, decision) -> {
                      AtomicReference<Batch> opened = new AtomicReference<>();
                      Object result =
                          intact.change(
                              keys(arguments[0]),
                              keys(arguments[1]),
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
            store ->
                changing(
                    store,
                    "change",
                    (intact, arguments, decision) ->
                        intact.change(keys(arguments[0]), List.of(), decision))));
  }

  @Test
  void dispatchesAreSentBeforeTheirRequestersHear() {
    assertNoticed(
        "PROTOCOL 7",
        Sabotage.ofPublisher(
            publisher ->
                new Through(publisher) {
                  private final List<Response> held = new ArrayList<>();

                  @Override
                  public List<Refused<Response>> respond(
                      List<Response> responses, BooleanSupplier allowed) {
                    held.addAll(responses);
                    return List.of();
                  }

                  @Override
                  public List<Refused<HeldRequest>> dispatch(
                      List<HeldRequest> requests, BooleanSupplier allowed) {
                    List<Refused<HeldRequest>> refused = super.dispatch(requests, allowed);
                    super.respond(List.copyOf(held), allowed);
                    held.clear();
                    return refused;
                  }
                }));
  }

  @Test
  void responsesThatTheBrokerDidNotConfirmAreTakenForConfirmed() {
    assertNoticed(
        "GRANTED is confirmed before",
        Sabotage.ofPublisher(
            publisher ->
                new Through(publisher) {
                  @Override
                  public List<Refused<Response>> respond(
                      List<Response> responses, BooleanSupplier allowed) {
                    try {
                      return super.respond(responses, allowed);
                    } catch (BrokerUnavailableException e) {
                      return List.of();
                    }
                  }
                }));
  }

  @Test
  void dispatchesAreSentTwice() {
    assertNoticed(
        "sent once more",
        Sabotage.ofPublisher(
            publisher ->
                new Through(publisher) {
                  @Override
                  public List<Refused<HeldRequest>> dispatch(
                      List<HeldRequest> requests, BooleanSupplier allowed) {
                    super.dispatch(requests, allowed);
                    return super.dispatch(requests, allowed);
                  }
                }));
  }

  @Test
  void theResultOfOneRequestGoesToAnother() {
    AtomicReference<Content> before = new AtomicReference<>();
    assertNoticed(
        "instead of",
        ofResponses(
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
        ofResponses(r -> response(r, new RequestKey("t1", r.key().requestId()), r.content())));
  }

  @Test
  void nobodyTakesOverWhatTheDeadLeftOpen() {
    assertNoticed(
        "left open",
        Sabotage.ofStore(
            intact ->
                instead(RequestStore.class, intact, "abandonedBatches", arguments -> List.of())));
  }

  @Test
  void aLeaseNeverRunsOut() {
    assertNoticed(
        "left open",
        Sabotage.ofLeases(
            intact -> instead(LeaseStore.class, intact, "endExpired", arguments -> List.of())));
  }

  @Test
  void aLeaseThatHasEndedIsRenewed() {
    assertNoticed(
        "opened when it had ended",
        Sabotage.ofLeases(intact -> instead(LeaseStore.class, intact, "renew", arguments -> true)));
  }

  @Test
  void allLeasesRunOut() {
    assertNoticed(
        "(guarantee 3)",
        Sabotage.ofLeases(
            intact ->
                instead(
                    LeaseStore.class,
                    intact,
                    "endExpired",
                    arguments -> {
                      intact.endOthers(new UUID(0, 0));
                      return List.of();
                    })));
  }

  @Test
  void aLeaseThatIsOverIsNotHeeded() {
    assertNoticed(
        "(guarantee 3)",
        Sabotage.ofPublisher(
            publisher ->
                new Through(publisher) {
                  @Override
                  public List<Refused<Response>> respond(
                      List<Response> responses, BooleanSupplier allowed) {
                    return super.respond(responses, () -> true);
                  }

                  @Override
                  public List<Refused<HeldRequest>> dispatch(
                      List<HeldRequest> requests, BooleanSupplier allowed) {
                    return super.dispatch(requests, () -> true);
                  }
                }));
  }
}
