package org.workermanager.domain.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.response.ResponseState;
import org.workermanager.domain.routing.WaitingPlace;
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

  @Test
  void aRequestIsAcknowledgedBeforeItIsStored() {
    assertNoticed(
        "(guarantee 1)",
        new Sabotage() {
          @Override
          public boolean acknowledgesFirst() {
            return true;
          }
        });
  }

  @Test
  void whatIsDeferredIsAcknowledged() {
    assertNoticed(
        "(guarantee 1)",
        new Sabotage() {
          @Override
          public boolean acknowledgesDeferred() {
            return true;
          }
        });
  }

  @Test
  void aClaimIsForgotten() {
    assertNoticed(
        "by one at a time",
        new Sabotage() {
          private Known claimed;

          @Override
          public RequestStore database(RequestStore intact) {
            return instead(
                RequestStore.class, intact, "claimWaiting", arguments -> claim(intact, arguments));
          }

          /** As if those that were claimed last were still waiting. */
          @SuppressWarnings("unchecked")
          private Object claim(RequestStore intact, Object[] arguments) {
            Decision<Object> decision = (Decision<Object>) arguments[2];
            return intact.claimWaiting(
                (Collection<WaitingPlace>) arguments[0],
                (Integer) arguments[1],
                known -> {
                  Known seen = known.held().isEmpty() && claimed != null ? claimed : known;
                  claimed = known;
                  return decision.decide(seen);
                });
          }
        });
  }

  @Test
  void aBatchIsClosedBeforeAllOfItIsPublished() {
    assertNoticed(
        "was never told",
        new Sabotage() {
          private UUID opened;

          @Override
          public RequestStore store(RequestStore intact) {
            return instead(
                RequestStore.class, intact, "change", arguments -> change(intact, arguments));
          }

          @SuppressWarnings("unchecked")
          private Object change(RequestStore intact, Object[] arguments) {
            Decision<Object> decision = (Decision<Object>) arguments[2];
            opened = null;
            Object result =
                intact.change(
                    (Collection<RequestKey>) arguments[0],
                    (Collection<RequestKey>) arguments[1],
                    known -> {
                      Decision.Made<Object> made = decision.decide(known);
                      Batch batch = made.changes().batch();
                      opened = batch == null ? null : batch.id();
                      return made;
                    });
            if (opened != null) {
              intact.close(opened);
            }
            return result;
          }
        });
  }

  @Test
  void finishedRequestsAreForgotten() {
    assertNoticed(
        "taken again",
        new Sabotage() {
          @Override
          public RequestStore store(RequestStore intact) {
            return instead(
                RequestStore.class, intact, "change", arguments -> change(intact, arguments));
          }

          @SuppressWarnings("unchecked")
          private Object change(RequestStore intact, Object[] arguments) {
            return intact.change(
                (Collection<RequestKey>) arguments[0], List.of(), (Decision<Object>) arguments[2]);
          }
        });
  }

  @Test
  void theBrokersMarkThatAMessageIsDeliveredAgainIsLost() {
    assertNoticed(
        "(PROTOCOL 2",
        new Sabotage() {
          @Override
          public Submission read(Submission s) {
            return new Submission(
                s.tenant(),
                s.requestId(),
                s.source(),
                s.session(),
                s.contentType(),
                s.priority(),
                s.content(),
                s.fingerprint(),
                false);
          }
        });
  }

  @Test
  void aReplyLosesTheNameOfItsDispatch() {
    assertNoticed(
        "an answer that names another dispatch",
        new Sabotage() {
          @Override
          public Reply read(Reply r) {
            return new Reply(
                r.key(),
                r.status(),
                r.messages(),
                r.additionalHeaders(),
                r.content(),
                null,
                r.fingerprint(),
                r.redelivered());
          }
        });
  }

  @Test
  void dispatchesAreSentBeforeTheirRequestersHear() {
    assertNoticed(
        "PROTOCOL 7",
        new Sabotage() {
          @Override
          public Publisher publisher(Publisher intact) {
            return new Through(intact) {
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
            };
          }
        });
  }

  @Test
  void responsesThatTheBrokerDidNotConfirmAreTakenForConfirmed() {
    assertNoticed(
        "GRANTED is confirmed before",
        new Sabotage() {
          @Override
          public Publisher publisher(Publisher intact) {
            return new Through(intact) {
              @Override
              public List<Refused<Response>> respond(
                  List<Response> responses, BooleanSupplier allowed) {
                try {
                  return super.respond(responses, allowed);
                } catch (BrokerUnavailableException e) {
                  return List.of();
                }
              }
            };
          }
        });
  }

  @Test
  void dispatchesAreSentTwice() {
    assertNoticed(
        "sent once more",
        new Sabotage() {
          @Override
          public Publisher publisher(Publisher intact) {
            return new Through(intact) {
              @Override
              public List<Refused<HeldRequest>> dispatch(
                  List<HeldRequest> requests, BooleanSupplier allowed) {
                super.dispatch(requests, allowed);
                return super.dispatch(requests, allowed);
              }
            };
          }
        });
  }

  @Test
  void theResultOfOneRequestGoesToAnother() {
    assertNoticed(
        "instead of",
        new Sabotage() {
          private Response before;

          @Override
          public Publisher publisher(Publisher intact) {
            return new Through(intact) {
              @Override
              public List<Refused<Response>> respond(
                  List<Response> responses, BooleanSupplier allowed) {
                return super.respond(
                    responses.stream().map(response -> mixedUp(response)).toList(), allowed);
              }
            };
          }

          private Response mixedUp(Response r) {
            if (r.state() != ResponseState.SUCCESS) {
              return r;
            }
            Response other = before == null ? r : before;
            before = r;
            return new Response(
                r.state(),
                r.key(),
                r.source(),
                r.session(),
                r.contentType(),
                r.workerType(),
                r.messages(),
                other.content());
          }
        });
  }

  @Test
  void aResponseGoesToAnotherTenant() {
    assertNoticed(
        "(guarantee 7)",
        new Sabotage() {
          @Override
          public Publisher publisher(Publisher intact) {
            return new Through(intact) {
              @Override
              public List<Refused<Response>> respond(
                  List<Response> responses, BooleanSupplier allowed) {
                return super.respond(
                    responses.stream().map(response -> toTheFirstTenant(response)).toList(),
                    allowed);
              }
            };
          }

          private Response toTheFirstTenant(Response r) {
            return new Response(
                r.state(),
                new RequestKey("t1", r.key().requestId()),
                r.source(),
                r.session(),
                r.contentType(),
                r.workerType(),
                r.messages(),
                r.content());
          }
        });
  }

  @Test
  void nobodyTakesOverWhatTheDeadLeftOpen() {
    assertNoticed(
        "left open",
        new Sabotage() {
          @Override
          public RequestStore store(RequestStore intact) {
            return instead(RequestStore.class, intact, "abandonedBatches", arguments -> List.of());
          }
        });
  }

  @Test
  void aLeaseNeverRunsOut() {
    assertNoticed(
        "left open",
        new Sabotage() {
          @Override
          public LeaseStore leases(LeaseStore intact) {
            return instead(LeaseStore.class, intact, "endExpired", arguments -> List.of());
          }
        });
  }

  @Test
  void allLeasesRunOut() {
    assertNoticed(
        "(guarantee 3)",
        new Sabotage() {
          @Override
          public LeaseStore leases(LeaseStore intact) {
            return instead(
                LeaseStore.class,
                intact,
                "endExpired",
                arguments -> {
                  intact.endOthers(new UUID(0, 0));
                  return List.of();
                });
          }
        });
  }

  @Test
  void aLeaseThatIsOverIsNotHeeded() {
    assertNoticed(
        "(guarantee 3)",
        new Sabotage() {
          @Override
          public Publisher publisher(Publisher intact) {
            return new Through(intact) {
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
            };
          }
        });
  }
}
