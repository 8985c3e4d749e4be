package org.workermanager.domain.simulation;

import java.util.function.UnaryOperator;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.store.LeaseStore;
import org.workermanager.domain.store.RequestStore;

/**
 * Breaks a manager, or what is around it, to prove that it is noticed.
 *
 * @param flaw of the program around it
 * @param database breaks the request store itself, below what the checker sees of it
 * @param store breaks the request store as the manager sees it
 */
record Sabotage(
    Flaw flaw,
    UnaryOperator<RequestStore> database,
    UnaryOperator<RequestStore> store,
    UnaryOperator<LeaseStore> leases,
    UnaryOperator<Publisher> publisher) {

  /** What a program that hands in messages may do wrong. */
  enum Flaw {
    NONE,
    ACKNOWLEDGES_BEFORE_HANDING_IN,
    ACKNOWLEDGES_WHAT_IS_DEFERRED,
    LOSES_THE_REDELIVERED_MARK_OF_REQUESTS,
    LOSES_THE_REDELIVERED_MARK_OF_ANSWERS,
    LOSES_THE_NAME_OF_THE_DISPATCH
  }

  /** Leaves all intact. */
  static final Sabotage NONE = of(Flaw.NONE);

  static Sabotage of(Flaw flaw) {
    return new Sabotage(
        flaw,
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  static Sabotage ofDatabase(UnaryOperator<RequestStore> breaking) {
    return new Sabotage(Flaw.NONE, breaking, NONE.store, NONE.leases, NONE.publisher);
  }

  static Sabotage ofStore(UnaryOperator<RequestStore> breaking) {
    return new Sabotage(Flaw.NONE, NONE.database, breaking, NONE.leases, NONE.publisher);
  }

  static Sabotage ofLeases(UnaryOperator<LeaseStore> breaking) {
    return new Sabotage(Flaw.NONE, NONE.database, NONE.store, breaking, NONE.publisher);
  }

  static Sabotage ofPublisher(UnaryOperator<Publisher> breaking) {
    return new Sabotage(Flaw.NONE, NONE.database, NONE.store, NONE.leases, breaking);
  }

  boolean is(Flaw one) {
    return flaw == one;
  }
}
