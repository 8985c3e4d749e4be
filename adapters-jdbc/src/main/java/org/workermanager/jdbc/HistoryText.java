package org.workermanager.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.workermanager.domain.request.HistoryEntry;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestStatus;

/**
 * Keeps a request's history in one column: five texts for each transition, in the order of {@link
 * HistoryEntry}; empty is the worker type or step that is not there.
 */
final class HistoryText {

  private static final int TEXTS = 5;

  private HistoryText() {}

  /** Null for an empty history. */
  static String write(List<HistoryEntry> history) {
    List<String> texts = new ArrayList<>(TEXTS * history.size());
    for (HistoryEntry entry : history) {
      texts.add(entry.at().toString());
      texts.add(entry.status().name());
      texts.add(Objects.toString(entry.workerType(), ""));
      texts.add(Objects.toString(entry.step(), ""));
      texts.add(entry.detail());
    }
    return TextList.write(texts);
  }

  /** The last ones: what a statement appends to the column may be one too many. */
  static List<HistoryEntry> read(String column) {
    List<String> texts = TextList.read(column);
    List<HistoryEntry> history = new ArrayList<>();
    int first = Math.max(0, texts.size() - TEXTS * Request.MAX_HISTORY);
    for (int i = first; i < texts.size(); i += TEXTS) {
      history.add(entry(texts.subList(i, i + TEXTS)));
    }
    return history;
  }

  private static HistoryEntry entry(List<String> texts) {
    String workerType = texts.get(2);
    String step = texts.get(3);
    return new HistoryEntry(
        Instant.parse(texts.get(0)),
        RequestStatus.valueOf(texts.get(1)),
        workerType.isEmpty() ? null : workerType,
        step.isEmpty() ? null : Integer.valueOf(step),
        texts.get(4));
  }
}
