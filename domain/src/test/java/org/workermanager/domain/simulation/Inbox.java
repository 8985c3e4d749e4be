package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.workermanager.domain.Leftover;
import org.workermanager.domain.request.RequestKey;

/**
 * A queue as a manager process consumes it, from when it is connected until it is not any more:
 * hands in what comes in batches, sets aside what is refused, keeps what is deferred to hand it in
 * again, and acknowledges the rest.
 */
abstract class Inbox<T> {

  final History history;
  final ManagerProcess process;
  private final Consumer<T> consumer;

  Inbox(History history, ManagerProcess process, MessageQueue<T> queue) {
    this.history = history;
    this.process = process;
    consumer = new Consumer<>(queue);
  }

  /** How many of the first ones were deferred before. */
  abstract List<Leftover> handIn(List<Message<T>> batch, int again);

  abstract void setAside(T message);

  abstract void acknowledged(T message);

  /** A transaction has been committed about these requests, for what is in hand. */
  abstract void decided(Collection<RequestKey> keys);

  boolean isOpen() {
    return consumer.isOpen();
  }

  boolean hasWork() {
    return consumer.hasWork();
  }

  /** Whatever is in hand goes back, and comes again, here or elsewhere. */
  void close() {
    consumer.close();
  }

  void handle() {
    List<Message<T>> again = consumer.takeDeferred();
    List<Message<T>> batch = new ArrayList<>(again);
    batch.addAll(next(again.isEmpty() ? 1 : 0));
    if (history.sabotage.is(Sabotage.Flaw.ACKNOWLEDGES_BEFORE_HANDING_IN)) {
      acknowledge(batch);
    }
    List<Message<T>> deferred = new ArrayList<>();
    List<Message<T>> refused = new ArrayList<>();
    for (Leftover leftover : handIn(batch, again.size())) {
      boolean isRefused = leftover instanceof Leftover.Refusal;
      (isRefused ? refused : deferred).add(batch.get(leftover.index()));
    }
    if (!refused.isEmpty()) {
      process.publisher.setAside(refused, message -> setAside(message.body()));
    }
    defer(deferred);
    batch.removeAll(deferred);
    acknowledge(batch);
  }

  private List<Message<T>> next(int atLeast) {
    int most = history.plan.batchSize();
    // what is delivered ahead and not handled is marked as redelivered the next time all the same
    consumer.prefetch(history.dice.between(1, 2 * most));
    return consumer.take(history.dice.between(atLeast, most));
  }

  private void defer(List<Message<T>> deferred) {
    for (Message<T> message : deferred) {
      history.trace.add(() -> process + " has to wait with " + message);
      history.coverage.count(HardCase.DEFERRED);
    }
    if (history.sabotage.is(Sabotage.Flaw.ACKNOWLEDGES_WHAT_IS_DEFERRED)) {
      deferred.clear();
    }
    if (isOpen()) {
      consumer.defer(deferred);
    }
  }

  private void acknowledge(List<Message<T>> done) {
    if (isOpen()) {
      done.forEach(message -> acknowledged(message.body()));
      consumer.acknowledge(done);
      process.progressed(done.size());
    }
  }
}
