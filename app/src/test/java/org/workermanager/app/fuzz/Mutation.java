package org.workermanager.app.fuzz;

import java.util.List;
import java.util.function.BiConsumer;

/** One way to spoil a good message. */
record Mutation(String name, Change change) {

  @FunctionalInterface
  interface Change {

    /**
     * @return how the case may end
     */
    List<End> apply(Draft draft, Odd odd);
  }

  /** One after which a single thing may happen. */
  static Mutation of(String name, End end, BiConsumer<Draft, Odd> change) {
    return new Mutation(
        name,
        (draft, odd) -> {
          change.accept(draft, odd);
          return List.of(end);
        });
  }
}
