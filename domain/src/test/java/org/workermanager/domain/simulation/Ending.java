package org.workermanager.domain.simulation;

import java.time.Duration;
import java.util.List;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Route;
import org.workermanager.domain.routing.Routing;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.ServedTenant;

/**
 * How a history ends: nothing goes wrong any more, everybody does what there is to do until there
 * is nothing, and then every request must be where it can be explained.
 */
final class Ending {

  private static final Duration ROUND = Duration.ofSeconds(8);
  private static final int QUIET_ROUNDS = 6;

  /** Until worker types of which nobody is left count as silent, and what they had as overdue. */
  private static final int SILENT_ROUNDS = 10;

  private static final int MOST_ROUNDS = 40;
  private static final int MOST_STEPS = 2_000;

  private final History history;
  private int steps;

  Ending(History history) {
    this.history = history;
  }

  void run() {
    history.beInPeace();
    Dice dice = history.dice;
    // others may stay away: one does all that is left
    ManagerProcess survivor = dice.pick(history.processes);
    for (ManagerProcess process : List.copyOf(history.processes)) {
      if (process.isDead() && (process == survivor || dice.chance(0.5))) {
        history.restart(process);
      }
    }
    if (dice.chance(0.2)) {
      // first nobody comes who could do what is left
      rest(SILENT_ROUNDS);
    }
    for (String type : Setups.WORKER_TYPES) {
      if (dice.chance(0.8)) {
        history.fleet.provide(type);
      }
    }
    if (dice.chance(0.3)) {
      Setups.WORKER_TYPES.forEach(history.database.configurations::resume);
    }
    if (dice.chance(0.3)) {
      for (int i = 1; i <= history.plan.tenants(); i++) {
        history.database.configurations.change(
            "t" + i, served -> new ServedTenant(Setups.USUAL, null));
      }
    }
    rest(QUIET_ROUNDS);
    requireRest();
    history.messageChecker.requireRest(history);
  }

  /** Time passes until nothing more happens. */
  private void rest(int quietRounds) {
    int quiet = 0;
    int rounds = 0;
    while (quiet < quietRounds) {
      if (++rounds > MOST_ROUNDS) {
        throw new Violation(Promise.NOTHING_BLOCKS, "there is still something going on");
      }
      quiet = round() ? 0 : quiet + 1;
    }
  }

  /** Returns whether anything was done that somebody outside could see. */
  private boolean round() {
    int before = steps;
    boolean goesOn;
    do {
      goesOn = history.fleet.work();
      for (ManagerProcess process : history.processes) {
        goesOn |= work(process);
      }
      if (goesOn && ++steps > MOST_STEPS) {
        throw new Violation(Promise.NOTHING_BLOCKS, "there is no end to what goes on");
      }
    } while (goesOn);
    history.pass(ROUND);
    for (ManagerProcess process : history.processes) {
      if (process.hasBegun() && !process.isDead()) {
        process.run(Lane.TICK);
        process.run(Lane.OVERDUE);
      }
    }
    return steps > before;
  }

  private boolean work(ManagerProcess process) {
    boolean worked = false;
    if (!process.isDead()) {
      for (Lane lane : Lane.values()) {
        // what one of them met may have left nothing to do for the next
        if (lane != Lane.TICK && lane != Lane.OVERDUE && process.isReady(lane)) {
          long before = process.progress();
          process.run(lane);
          worked |= process.progress() > before || lane == Lane.CONNECT;
        }
      }
    }
    return worked;
  }

  private void requireRest() {
    Broker broker = history.broker;
    if (!broker.requests.isEmpty() || !broker.replies.isEmpty() || !broker.deadLetters.isEmpty()) {
      throw new Violation(Promise.NOTHING_BLOCKS, "messages are left on a queue");
    }
    if (!history.database.requests.openBatches().isEmpty()) {
      throw new Violation(
          Promise.COMES_TO_REST, "left open: " + history.database.requests.openBatches());
    }
    for (int i = 1; i <= history.plan.tenants(); i++) {
      String tenant = "t" + i;
      Routing routing =
          new Routing(history.database.configurations.find(tenant).orElseThrow().configuration());
      held(tenant).forEach(request -> requireExplained(routing, request));
    }
  }

  private List<Request> held(String tenant) {
    return history
        .database
        .requests
        .search(tenant, RequestFilter.ALL, PageRequest.first(1_000))
        .content()
        .stream()
        .map(NumberedRequest::request)
        .toList();
  }

  private void requireExplained(Routing routing, Request request) {
    if (request.status() == RequestStatus.NO_WORKER_AVAILABLE) {
      Route route = routing.from(request.contentType(), request.state().position());
      if (request.state().messages().isEmpty()) {
        throw new Violation(Promise.COMES_TO_REST, "waits without saying why: " + request);
      }
      // what needs no worker any more waits for an operator, or for the workflow to come back
      if (route instanceof Route.ToWorker to
          && history.fleet.has(to.workerType())
          && !history.database.configurations.paused().contains(to.workerType())) {
        throw new Violation(Promise.COMES_TO_REST, "waits for nothing: " + request);
      }
    } else if (request.status().isSent()
        && !history.facts.isSwallowed(Dispatch.of(request))
        && !history
            .broker
            .worker(request.state().workerType())
            .has(message -> Dispatch.of(message.request()).equals(Dispatch.of(request)))) {
      throw new Violation(Promise.COMES_TO_REST, "sent, and nobody has it: " + request);
    }
  }
}
