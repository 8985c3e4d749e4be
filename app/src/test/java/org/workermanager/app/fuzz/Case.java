package org.workermanager.app.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A message, those that follow from it, how this may end, and what was seen of it. */
final class Case {

  /** In whatever a message has that names something. */
  private static final Pattern ID = Pattern.compile("fuzz-\\d+-\\d+\\.");

  final String id;

  /** What is wrong with it. */
  final String name;

  final List<End> ends;

  /** What begins it. */
  final Draft first;

  /** Whether the worker rejects the request. */
  boolean rejected;

  /** What the worker sends when it gets the request. */
  List<Draft> fromWorker = List.of();

  /** What it sends when the request was asked for twice. */
  Draft onceSkipped;

  private final List<String> responses = new ArrayList<>();
  private final List<String> signs = new ArrayList<>();

  Case(String id, String name, List<End> ends, Draft first) {
    this.id = id;
    this.name = name;
    this.ends = ends;
    this.first = first;
  }

  /** The id of the case that this text names; null if there is none. */
  static String idIn(String text) {
    Matcher id = ID.matcher(text == null ? "" : text);
    return id.find() ? id.group() : null;
  }

  void responded(String response) {
    responses.add(response);
  }

  void showed(String sign) {
    signs.add(sign);
  }

  boolean hasShown(String sign) {
    return signs.contains(sign);
  }

  /** Whether this may be about one of its messages that do not say so. */
  boolean mayShow(String sign) {
    String word = sign.split(" ")[0] + " ";
    return first.isAnonymous
        && signs.stream().noneMatch(seen -> seen.startsWith(word))
        && ends.stream().flatMap(end -> end.signs().stream()).anyMatch(s -> s.startsWith(word));
  }

  /** Whether a message with this body is among those that were published. */
  boolean has(byte[] body) {
    return Stream.concat(Stream.of(first), fromWorker.stream())
        .anyMatch(draft -> Arrays.equals(body, draft.body));
  }

  /** As which of its ends it looks now. */
  Optional<End> end() {
    return ends.stream().filter(end -> end.matches(responses, signs)).findFirst();
  }

  @Override
  public String toString() {
    return "%s (%s): seen %s %s, may end %s".formatted(id, name, responses, signs, ends);
  }
}
