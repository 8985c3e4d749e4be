package org.workermanager.domain.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.registry.KnownWorker;

class InMemoryWorkerStoreTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final InMemoryWorkerStore store = new InMemoryWorkerStore();

  private static KnownWorker worker(String type, String instance, Instant lastBeat) {
    return new KnownWorker(type, instance, NOW, lastBeat);
  }

  @Test
  void whatIsSavedTakesThePlaceOfWhatWasKnownOfTheSameInstance() {
    store.save(List.of(worker("A", "1", NOW), worker("B", "1", NOW)), List.of());
    KnownWorker later = worker("A", "1", NOW.plusSeconds(1));
    store.save(List.of(later, worker("A", "2", NOW)), List.of());
    assertEquals(
        Set.of(later, worker("A", "2", NOW), worker("B", "1", NOW)), Set.copyOf(store.all()));
    assertEquals(3, store.all().size());
  }

  @Test
  void whatIsGoneIsForgottenOfItsTypeOnly() {
    store.save(List.of(worker("A", "1", NOW), worker("B", "1", NOW)), List.of());
    store.save(
        List.of(), List.of(worker("A", "1", NOW.plusSeconds(9)), worker("A", "unknown", NOW)));
    assertEquals(List.of(worker("B", "1", NOW)), store.all());
  }
}
