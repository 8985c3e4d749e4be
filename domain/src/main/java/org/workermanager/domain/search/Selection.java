package org.workermanager.domain.search;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * Some values, and whether they are those looked for or all but those (PROTOCOL section 10).
 *
 * @param values at most 1,000. To include none finds nothing, to exclude none everything
 */
public record Selection<T>(Set<T> values, Mode mode) {

  /** What the values are there for. */
  public enum Mode {
    INCLUDE,
    EXCLUDE
  }

  /** The most values a selection may have. */
  public static final int MAX_VALUES = 1_000;

  public Selection {
    requireNonNull(mode, "mode");
    values = Set.copyOf(values);
    if (values.size() > MAX_VALUES) {
      throw new IllegalArgumentException(
          "values has " + values.size() + " entries, more than " + MAX_VALUES);
    }
  }

  /** These and no others. */
  public static <T> Selection<T> of(Set<T> values) {
    return new Selection<>(values, Mode.INCLUDE);
  }

  boolean selects(T value) {
    return values.contains(value) == (mode == Mode.INCLUDE);
  }
}
