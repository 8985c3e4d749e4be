package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;

/** One who consumes a queue, and what the broker has delivered to it. */
final class Consumer<T> {

  private final MessageQueue<T> queue;
  private final List<Message<T>> prefetched = new ArrayList<>();
  private final List<Message<T>> deferred = new ArrayList<>();
  private final List<Message<T>> inHand = new ArrayList<>();
  private boolean open = true;

  Consumer(MessageQueue<T> queue) {
    this.queue = queue;
  }

  boolean isOpen() {
    return open;
  }

  boolean hasWork() {
    return open && !(deferred.isEmpty() && prefetched.isEmpty() && queue.isEmpty());
  }

  boolean isIdle() {
    return deferred.isEmpty() && prefetched.isEmpty() && inHand.isEmpty();
  }

  /** The broker delivers so many ahead, if there are. */
  void prefetch(int count) {
    if (!open) {
      throw new IllegalStateException("closed");
    }
    for (int i = 0; i < count && !queue.isEmpty(); i++) {
      prefetched.add(queue.deliver());
    }
  }

  /** The next few of those delivered, to be handled. */
  List<Message<T>> take(int count) {
    List<Message<T>> next = prefetched.subList(0, Math.min(count, prefetched.size()));
    List<Message<T>> taken = List.copyOf(next);
    next.clear();
    inHand.addAll(taken);
    return taken;
  }

  /** Those that were deferred, to be handled again, before any others. */
  List<Message<T>> takeDeferred() {
    List<Message<T>> taken = List.copyOf(deferred);
    deferred.clear();
    inHand.addAll(taken);
    return taken;
  }

  /** These are to be handled again. */
  void defer(List<Message<T>> messages) {
    inHand.removeAll(messages);
    deferred.addAll(messages);
  }

  /** Does nothing once the connection is gone: then they are delivered again. */
  void acknowledge(List<Message<T>> messages) {
    inHand.removeAll(messages);
  }

  /** The connection is gone, or consuming stops: whatever is not acknowledged goes back. */
  void close() {
    if (open) {
      open = false;
      List<Message<T>> all = new ArrayList<>(inHand);
      all.addAll(deferred);
      all.addAll(prefetched);
      inHand.clear();
      deferred.clear();
      prefetched.clear();
      queue.handBack(all);
    }
  }
}
