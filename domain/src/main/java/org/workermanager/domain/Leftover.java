package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.workermanager.domain.store.StoreRefusedException;

/** A message that was handed in and not processed. */
public sealed interface Leftover {

  /** Of the message in the list handed in. */
  int index();

  /** The same in another list, where the message has this index. */
  Leftover at(int newIndex);

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
    public Refusal at(int newIndex) {
      return new Refusal(newIndex, reason);
    }
  }

  /**
   * It cannot be processed yet: what became of its request before is still being published, by this
   * process or another one. Whoever handed it in does not acknowledge it, and hands it in again in
   * a moment, before others about the same request.
   */
  record Deferral(int index) implements Leftover {

    @Override
    public Deferral at(int newIndex) {
      return new Deferral(newIndex);
    }
  }

  /**
   * Handles messages together. If the store refuses what comes of them, the ones that cause it are
   * found by halving, so that their neighbours go on.
   *
   * @param about what each is about: none is handled before another one about the same that is
   *     deferred
   * @return what is left of all, by index
   */
  static <T> List<Leftover> isolate(
      List<T> messages, Function<T, Object> about, Function<List<T>, List<Leftover>> handle) {
    try {
      return handle.apply(messages);
    } catch (StoreRefusedException e) {
      if (messages.size() == 1) {
        return List.of(new Refusal(0, e.getMessage()));
      }
      int half = messages.size() / 2;
      List<Leftover> leftovers = new ArrayList<>(isolate(messages.subList(0, half), about, handle));
      Set<Object> deferred =
          leftovers.stream()
              .filter(Deferral.class::isInstance)
              .map(deferral -> about.apply(messages.get(deferral.index())))
              .collect(Collectors.toSet());
      List<Integer> others = new ArrayList<>();
      for (int i = half; i < messages.size(); i++) {
        if (deferred.contains(about.apply(messages.get(i)))) {
          leftovers.add(new Deferral(i));
        } else {
          others.add(i);
        }
      }
      if (!others.isEmpty()) {
        isolate(others.stream().map(messages::get).toList(), about, handle)
            .forEach(leftover -> leftovers.add(leftover.at(others.get(leftover.index()))));
      }
      leftovers.sort(Comparator.comparingInt(Leftover::index));
      return leftovers;
    }
  }
}
