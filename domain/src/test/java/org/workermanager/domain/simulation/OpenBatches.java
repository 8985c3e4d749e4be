package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What is stored and still to be published, and by whom. */
final class OpenBatches {

  private record Batch(ManagerProcess process, Lane lane, List<Owed> owed) {

    void interrupt() {
      owed.forEach(each -> each.interrupted = true);
    }
  }

  private final Map<UUID, Batch> open = new LinkedHashMap<>();

  void open(UUID id, ManagerProcess process, Lane lane) {
    open.put(id, new Batch(process, lane, new ArrayList<>()));
  }

  void add(UUID id, Owed owed) {
    open.get(id).owed().add(owed);
  }

  /** In which lane the batch is; null if it is not open. */
  Lane lane(UUID id) {
    Batch batch = open.get(id);
    return batch == null ? null : batch.lane();
  }

  /** A fault hit the publishing of this one: it may be done again. */
  void interrupt(UUID id) {
    Batch batch = open.get(id);
    if (batch != null) {
      batch.interrupt();
    }
  }

  /** The same for what this process was doing there. */
  void interrupt(ManagerProcess process, Lane lane) {
    for (Batch batch : open.values()) {
      if (batch.process() == process && batch.lane() == lane) {
        batch.interrupt();
      }
    }
  }

  /** The same for all that the process was doing. */
  void interrupt(ManagerProcess process) {
    for (Batch batch : open.values()) {
      if (batch.process() == process) {
        batch.interrupt();
      }
    }
  }

  /** Returns what was owed until it was closed; nothing if it was not open. */
  List<Owed> close(UUID id) {
    Batch batch = open.remove(id);
    return batch == null ? List.of() : batch.owed();
  }

  /** Another batch takes the place of this one. Returns what is owed by that one now. */
  List<Owed> takeOver(UUID id, UUID instead, ManagerProcess process, Lane lane) {
    Batch batch = open.remove(id);
    if (batch == null) {
      return List.of();
    }
    open.put(instead, new Batch(process, lane, batch.owed()));
    return batch.owed();
  }
}
