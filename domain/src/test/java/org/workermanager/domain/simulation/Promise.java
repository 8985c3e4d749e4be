package org.workermanager.domain.simulation;

/** What is promised, in words, and by which section of the protocol or which guarantee. */
enum Promise {
  STORED_BEFORE_ACKNOWLEDGED(
      "a message is acknowledged only once what it leads to is stored and published, or it is set"
          + " aside with a reason (guarantee 1)"),
  COMES_TO_REST(
      "a stored request is dispatched when a worker of its type is alive, whatever crashed in"
          + " between, with no operator's help (guarantee 1)"),
  TOLD_IN_ORDER(
      "every state that a requester may know is published, in the order in which it happened"
          + " (PROTOCOL 7, guarantee 2)"),
  POSSIBLE_ORDER("responses for one request follow one another as PROTOCOL 5 and 7 say"),
  GRANTED_FIRST("GRANTED is confirmed before the dispatch is published (PROTOCOL 7)"),
  ONCE(
      "what is published is published once, unless a fault interrupted that before its batch was"
          + " closed (guarantee 3)"),
  ONE_REQUEST_PER_MESSAGE(
      "a message that is delivered again is recognised and not run again (PROTOCOL 2,"
          + " guarantee 3)"),
  SKIPPED_FOR_A_REASON(
      "each delivery of a message is taken, skipped or recognised, and skipped once (PROTOCOL 2)"),
  NO_TROUBLE("where nothing goes wrong nobody has to try again (guarantee 3)"),
  NOTHING_BLOCKS("no input blocks a queue (guarantee 4)"),
  TENANTS_APART("tenants never see or touch one another's requests (guarantee 7)"),
  CONTENT(
      "a worker gets byte for byte what the requester sent, or what the worker before it replied;"
          + " the requester gets what the last one replied (PROTOCOL 3, 5)"),
  CURRENT_DISPATCH(
      "an answer that names another dispatch than the current one is dropped (PROTOCOL 3)"),
  ANSWERED_ONCE("an answer that is delivered again is recognised (PROTOCOL 5, 6)"),
  URGENT_FIRST("those that wait go on by priority, and none is left out (PROTOCOL 8)"),
  LEASE("nothing is decided under a lease that has ended (guarantee 3)"),
  WORKERS_ALIVE("a type is alive while one of its instances beat within the expiry (PROTOCOL 4)"),
  LIFE_CYCLE("states follow one another as PROTOCOL 5, 6 and 8 say"),
  DECIDED_ALONE("what is decided is decided from what was stored last, by one at a time");

  final String text;

  Promise(String text) {
    this.text = text;
  }
}
