package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;

/** One who consumes a queue, and what the broker has delivered to it. */
final class Consumer<T> {

  private final MessageQueue<T> queue;
  private final List<Message<T>> prefetched = new ArrayList<>();
  private final List<Message<T>> inHand = new ArrayList<>();
  private boolean open = true;

  Consumer(MessageQueue<T> queue) {
    this.queue = queue;
  }

  boolean isOpen() {
    return open;
  }

  boolean hasWork() {
    return open && !(prefetched.isEmpty() && queue.isEmpty());
  }

  boolean isIdle() {
    return prefetched.isEmpty() && inHand.isEmpty();
  }

  /** The broker delivers so many ahead, if there are. */
  void prefetch(int count) {
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

  List<Message<T>> inHand() {
    return inHand;
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
      all.addAll(prefetched);
      inHand.clear();
      prefetched.clear();
      queue.handBack(all);
    }
  }
}
