package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened in a history, one line for each event. Only written when a seed is replayed: it
 * takes longer than the history itself.
 */
final class Trace {

  private final List<String> lines;
  private final SimulatedTime time;
  private int depth;

  Trace(boolean written, SimulatedTime time) {
    this.lines = written ? new ArrayList<>() : null;
    this.time = time;
  }

  void add(Supplier<String> line) {
    if (lines != null) {
      lines.add("%9.3f %s%s".formatted(time.seconds(), "  ".repeat(depth), line.get()));
    }
  }

  /** What follows happens within what was added last. */
  void enter() {
    depth++;
  }

  void leave() {
    depth--;
  }

  List<String> lines() {
    return lines == null ? List.of() : lines;
  }
}
