package org.workermanager.domain.simulation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.workermanager.domain.Settings;

/**
 * What kind of history it is. Each has some of the {@link Injection}s only, each more or less
 * often: where everything happens all the time, much hides behind other things.
 *
 * @param exclusive whether no other process can be using the database
 * @param steps how many there are before it is left in peace
 * @param nesting how probable it is that others do something while a call to a port is under way
 */
record Plan(
    int instances,
    boolean exclusive,
    int tenants,
    int submissions,
    int steps,
    int pageSize,
    int batchSize,
    boolean deadLetterResponses,
    double nesting,
    Map<Injection, Double> rates) {

  private static final double[] INTENSITIES = {0.3, 1, 1, 3};

  static Plan draw(Dice dice) {
    Map<Injection, Double> rates = new EnumMap<>(Injection.class);
    boolean withFaults = dice.chance(0.75);
    for (Injection injection : Injection.values()) {
      boolean has = dice.chance(0.5) && (withFaults || !injection.isFault);
      rates.put(injection, has ? injection.usual * INTENSITIES[dice.below(4)] : 0.0);
    }
    int instances = dice.between(1, 3);
    return new Plan(
        instances,
        instances == 1 && dice.chance(0.3),
        dice.between(1, 2),
        dice.between(1, 6),
        dice.between(20, 80),
        dice.between(1, 4),
        dice.between(1, 4),
        dice.chance(0.8),
        dice.chance(0.8) ? 0.15 : 0,
        rates);
  }

  double rate(Injection injection) {
    return rates.get(injection);
  }

  /** Whether anything can go wrong for which something may be published twice. */
  boolean hasFaults() {
    return rates.entrySet().stream().anyMatch(rate -> rate.getKey().isFault && rate.getValue() > 0);
  }

  Duration expiry() {
    return Duration.ofSeconds(60);
  }

  Settings settings(String instance) {
    return new Settings(instance, expiry(), Duration.ofHours(1), pageSize, deadLetterResponses);
  }
}
