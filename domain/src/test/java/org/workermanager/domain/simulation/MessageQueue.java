package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A durable queue: what was delivered and not acknowledged comes back to its head. */
final class MessageQueue<T> {

  private final List<Message<T>> ready = new ArrayList<>();

  void publish(T body) {
    ready.add(new Message<>(body));
  }

  /** Puts it somewhere among those that wait: another publisher's came later, or earlier. */
  void publish(T body, int at) {
    ready.add(at, new Message<>(body));
  }

  int size() {
    return ready.size();
  }

  boolean isEmpty() {
    return ready.isEmpty();
  }

  boolean has(Predicate<T> body) {
    return ready.stream().anyMatch(message -> body.test(message.body()));
  }

  Message<T> deliver() {
    return ready.remove(0);
  }

  void handBack(List<Message<T>> messages) {
    messages.forEach(Message::handedBack);
    ready.addAll(0, messages);
  }
}
