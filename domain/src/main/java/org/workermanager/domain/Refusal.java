package org.workermanager.domain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.workermanager.domain.store.StoreRefusedException;

/**
 * A message that cannot be processed, now or ever: whoever handed it in sets it aside with the
 * reason.
 *
 * @param index of the message in the list handed in
 * @param reason why, as a sentence
 */
public record Refusal(int index, String reason) {

  public Refusal {
    requireNonNull(reason, "reason");
  }

  /**
   * Handles messages together. If the store refuses what comes of them, the ones that cause it are
   * found by halving, so that their neighbours go on.
   */
  static <T> List<Refusal> isolate(List<T> messages, Function<List<T>, List<Refusal>> handle) {
    try {
      return handle.apply(messages);
    } catch (StoreRefusedException e) {
      if (messages.size() == 1) {
        return List.of(new Refusal(0, e.getMessage()));
      }
      int half = messages.size() / 2;
      List<Refusal> refusals = new ArrayList<>(isolate(messages.subList(0, half), handle));
      isolate(messages.subList(half, messages.size()), handle)
          .forEach(refusal -> refusals.add(new Refusal(half + refusal.index(), refusal.reason())));
      return refusals;
    }
  }
}
