package org.workermanager.jdbc;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.ContentTypeSelection;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;

/** What a filter asks for, as SQL about the request r, with parameters for all that it names. */
final class Conditions {

  /** These dates, and those of all requests, any database can keep. */
  private static final Instant EARLIEST = Instant.parse("0001-01-02T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-30T00:00:00Z");

  private final List<String> ids = new ArrayList<>(List.of("TRUE"));
  private final List<String> others = new ArrayList<>(List.of("TRUE"));
  private final Map<String, BiConsumer<Query, String>> parameters = new LinkedHashMap<>();

  Conditions(RequestFilter filter) {
    contains("r.source", filter.source());
    contains("r.session", filter.session());
    contains("r.dispatched_worker_type", filter.dispatchedWorkerType());
    if (filter.contentTypes() != null) {
      contentTypes(filter.contentTypes());
    }
    if (filter.statuses() != null) {
      others.add(selected(filter.statuses(), oneOfStatuses(filter.statuses().values())));
    }
    if (filter.ids() != null) {
      ids.add(selected(filter.ids(), oneOf("r.id", Long.class, filter.ids().values())));
    }
    notBefore("r.creation_date", filter.createdAfter());
    notAfter("r.creation_date", filter.createdBefore());
    notAfter("r.since", filter.unchangedSince());
  }

  /** All of them in one. */
  String all() {
    return ids() + " AND " + others();
  }

  /** The one about the request's id, which an index may help with. */
  String ids() {
    return String.join(" AND ", ids);
  }

  /** All the others. */
  String others() {
    return String.join(" AND ", others);
  }

  void bind(Query query) {
    parameters.forEach((name, bind) -> bind.accept(query, name));
  }

  private String parameter(BiConsumer<Query, String> bind) {
    String name = "p" + parameters.size();
    parameters.put(name, bind);
    return ":" + name;
  }

  private String text(String value) {
    return parameter((query, name) -> query.bind(name, value));
  }

  private void contains(String column, String part) {
    if (part != null) {
      others.add(isStorable(part) ? "position(" + text(part) + " IN " + column + ") > 0" : "FALSE");
    }
  }

  /** What cannot be stored is nowhere, and the database would take offence. */
  private static boolean isStorable(String text) {
    return ProtocolText.storable(text).equals(text);
  }

  private void contentTypes(ContentTypeSelection selection) {
    List<String> texts =
        selection.texts().values().stream().filter(Conditions::isStorable).toList();
    String column = "r.content_type";
    if (selection.ignoreCase()) {
      texts = texts.stream().map(ContentTypeSelection::lowerCase).toList();
      column = inLowerCase(column, texts);
    }
    others.add(selected(selection.texts(), matching(column, selection.match(), texts)));
  }

  private String matching(String column, ContentTypeSelection.Match match, List<String> texts) {
    return switch (match) {
      case STRICT -> oneOf(column, String.class, texts);
      case STARTS_WITH -> any(column, "left(%1$s, char_length(%2$s)) = %2$s", texts);
      case CONTAINS -> any(column, "position(%2$s IN %1$s) > 0", texts);
      case ENDS_WITH -> any(column, "right(%1$s, char_length(%2$s)) = %2$s", texts);
    };
  }

  /**
   * The column in lower case, as far as it matters for a comparison with these texts, which are.
   * Which characters the database itself takes for upper case depends on its locale.
   */
  private String inLowerCase(String column, List<String> texts) {
    BitSet wanted = new BitSet();
    texts.forEach(text -> text.chars().forEach(wanted::set));
    StringBuilder upper = new StringBuilder();
    StringBuilder lower = new StringBuilder();
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      char lowered = Character.toLowerCase(c);
      if (lowered != c && wanted.get(lowered)) {
        upper.append(c);
        lower.append(lowered);
      }
    }
    return "translate(%s, %s, %s)"
        .formatted(column, text(upper.toString()), text(lower.toString()));
  }

  /**
   * @param comparison of a column, the first argument, with a text, the second
   */
  private String any(String column, String comparison, List<String> texts) {
    return texts.isEmpty()
        ? "FALSE"
        : texts.stream()
            .map(text -> comparison.formatted(column, text(text)))
            .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private String oneOfStatuses(Set<RequestStatus> statuses) {
    return oneOf("r.status", String.class, statuses.stream().map(RequestStatus::name).toList());
  }

  private <T> String oneOf(String column, Class<T> type, Collection<T> values) {
    return column
        + " = ANY("
        + parameter((query, name) -> query.bindArray(name, type, values))
        + ")";
  }

  private static String selected(Selection<?> selection, String condition) {
    return selection.mode() == Selection.Mode.INCLUDE ? condition : "NOT " + condition;
  }

  /** Columns have microseconds: what comes after one is compared with the next. */
  private void notBefore(String column, Instant moment) {
    if (moment != null) {
      Instant up = moment.isAfter(LATEST) ? LATEST : moment.plusNanos(999);
      others.add(column + " >= " + moment(up));
    }
  }

  private void notAfter(String column, Instant moment) {
    if (moment != null) {
      others.add(column + " <= " + moment(moment));
    }
  }

  private String moment(Instant moment) {
    Instant near = moment.isBefore(EARLIEST) ? EARLIEST : moment.isAfter(LATEST) ? LATEST : moment;
    return parameter(
        (query, name) ->
            query.bind(name, RequestRow.dateTime(near.truncatedTo(ChronoUnit.MICROS))));
  }
}
