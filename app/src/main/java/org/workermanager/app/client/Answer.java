package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a manager answered.
 *
 * @param value what it means
 * @param json the same in its own words
 * @param at when that was, by the manager's clock
 */
public record Answer<T>(T value, String json, Instant at) {
  public Answer {
    requireNonNull(value, "value");
    requireNonNull(json, "json");
    requireNonNull(at, "at");
  }
}
