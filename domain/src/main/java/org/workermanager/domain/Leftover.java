package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.workermanager.domain.store.StoreRefusedException;

/** A message that was handed in and not processed. */
public sealed interface Leftover {

  /** Of the message in the list handed in. */
  int index();

  /** The same in a longer list, that has so many messages before. */
  Leftover after(int others);

  /**
   * It cannot be processed, now or ever: whoever handed it in sets it aside with the reason.
   *
   * @param reason why, as a sentence
   */
  record Refusal(int index, String reason) implements Leftover {

    public Refusal {
      requireNonNull(reason, "reason");
    }

    @Override
    public Refusal after(int others) {
      return new Refusal(others + index, reason);
    }
  }

  /**
   * It cannot be processed yet: what became of its request before is still being published, by this
   * process or another one. Whoever handed it in does not acknowledge it, and hands it in again in
   * a moment, before others about the same request.
   */
  record Deferral(int index) implements Leftover {

    @Override
    public Deferral after(int others) {
      return new Deferral(others + index);
    }
  }

  /**
   * Handles messages together. If the store refuses what comes of them, the ones that cause it are
   * found by halving, so that their neighbours go on.
   */
  static <T> List<Leftover> isolate(List<T> messages, Function<List<T>, List<Leftover>> handle) {
    try {
      return handle.apply(messages);
    } catch (StoreRefusedException e) {
      if (messages.size() == 1) {
        return List.of(new Refusal(0, e.getMessage()));
      }
      int half = messages.size() / 2;
      List<Leftover> leftovers = new ArrayList<>(isolate(messages.subList(0, half), handle));
      isolate(messages.subList(half, messages.size()), handle)
          .forEach(leftover -> leftovers.add(leftover.after(half)));
      return leftovers;
    }
  }
}
