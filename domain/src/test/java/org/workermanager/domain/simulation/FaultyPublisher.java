package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.response.Response;

/**
 * The broker as one process publishes to it: it may fail before it has taken anything, in between,
 * or when it has taken all and not said so.
 */
final class FaultyPublisher implements Publisher {

  private final History history;
  private final ManagerProcess process;

  /**
   * Whether the process was held up for so long, after it had asked, that it may not publish any
   * more what the broker gets now.
   */
  private boolean late;

  FaultyPublisher(History history, ManagerProcess process) {
    this.history = history;
    this.process = process;
  }

  @Override
  public List<Refused<Response>> respond(List<Response> responses, BooleanSupplier allowed) {
    publish(
        "respond",
        responses,
        allowed,
        response -> {
          history.trace.add(
              () ->
                  "%s tells %s/%s %s of %s"
                      .formatted(
                          process,
                          response.key().tenant(),
                          response.key().requestId(),
                          response.state(),
                          response.session()));
          history.messageChecker.told(process, late, response);
        },
        history.facts::interruptedTelling);
    return List.of();
  }

  @Override
  public List<Refused<HeldRequest>> dispatch(List<HeldRequest> requests, BooleanSupplier allowed) {
    if (process.lane() == Lane.DISPATCH) {
      history.messageChecker.sending(requests);
    }
    List<Refused<HeldRequest>> refused = new ArrayList<>();
    publish(
        "dispatch",
        requests,
        allowed,
        held -> {
          if (history.happens(Injection.DISPATCH_REFUSED)) {
            history.trace.add(() -> "refused: " + History.text(held));
            history.coverage.count(HardCase.DISPATCH_REFUSED);
            refused.add(new Refused<>(held, "full"));
          } else {
            history.trace.add(() -> process + " sends " + History.text(held));
            history.messageChecker.sent(process, late, held);
            history.broker.worker(held.request().state().workerType()).publish(held);
          }
        },
        history.facts::interruptedSending);
    // of those the broker says so only when it confirms the others
    refused.forEach(refusal -> history.messageChecker.refused(refusal.message()));
    return refused;
  }

  /** What cannot be processed goes where people look. */
  <T> void setAside(List<T> messages, Consumer<T> taken) {
    publish("set aside", messages, () -> true, taken, message -> {});
  }

  private <T> void publish(
      String name,
      List<T> messages,
      BooleanSupplier allowed,
      Consumer<T> take,
      Consumer<T> interrupted) {
    process.atPort(name);
    if (isAway() || history.happens(Injection.PUBLISHING_FAILS_BEFORE)) {
      messages.forEach(interrupted);
      throw fail(name, "before");
    }
    boolean breaksOff = history.happens(Injection.PUBLISHING_FAILS_IN_BETWEEN);
    int taken = breaksOff ? history.dice.below(messages.size()) : messages.size();
    for (T message : messages.subList(0, taken)) {
      if (!allowed.getAsBoolean()) {
        messages.forEach(interrupted);
        throw fail(name, "not allowed any more");
      }
      process.atPort("publish");
      late = !allowed.getAsBoolean();
      take.accept(message);
    }
    process.atPort("confirm");
    if (breaksOff || history.happens(Injection.PUBLISHING_FAILS_AFTERWARDS)) {
      messages.forEach(interrupted);
      throw fail(name, "after " + taken + " of " + messages.size());
    }
  }

  private boolean isAway() {
    return history.time.nanos() < history.broker.awayUntilNanos;
  }

  private BrokerUnavailableException fail(String name, String when) {
    history.trace.add(() -> process + " " + name + " fails " + when);
    history.facts.interrupted(process, process.lane(), null);
    return new BrokerUnavailableException("away", null);
  }

  @Override
  public QueueState workerQueue(String workerType) {
    process.atPort("workerQueue");
    if (isAway() || history.happens(Injection.PUBLISHING_FAILS_BEFORE)) {
      throw fail("workerQueue", "");
    }
    return history.fleet.queueState(workerType);
  }
}
