package org.workermanager.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.search.Selection;

/**
 * The fields of a JSON object, read strictly: what is not understood is a {@link Problem} that
 * names the field. A field that is null is as good as none.
 */
final class Fields {

  private final ObjectNode object;
  private final String prefix;

  private Fields(ObjectNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /** Those of a whole body, which has no others than these. */
  static Fields of(ObjectNode object, String... names) {
    return new Fields(object, "").requireOnly(names);
  }

  private Fields requireOnly(String... names) {
    List<String> known = Arrays.asList(names);
    for (Iterator<String> it = object.fieldNames(); it.hasNext(); ) {
      String name = it.next();
      if (!known.contains(name)) {
        throw Problem.malformed(
            "There is no field %s%s; there are %s."
                .formatted(prefix, name, String.join(", ", known)));
      }
    }
    return this;
  }

  private Optional<JsonNode> value(String name) {
    JsonNode node = object.path(name);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  private Problem wrong(String name, String must) {
    return Problem.malformed(prefix + name + " must be " + must + ".");
  }

  /** An object with no others than these fields; null if there is none. */
  Fields object(String name, String... names) {
    JsonNode node = value(name).orElse(null);
    if (node == null) {
      return null;
    }
    if (node instanceof ObjectNode inner) {
      return new Fields(inner, prefix + name + ".").requireOnly(names);
    }
    throw wrong(name, "an object with " + String.join(", ", names));
  }

  /** Text that may occur in what is held; null if there is none. */
  String text(String name) {
    return value(name).map(node -> text(name, node)).orElse(null);
  }

  private String text(String name, JsonNode node) {
    if (!node.isTextual()) {
      throw wrong(name, "text");
    }
    String fault = ProtocolText.fault(node.textValue());
    if (fault != null) {
      throw Problem.malformed(prefix + name + " " + fault + ".");
    }
    return node.textValue();
  }

  /** True or false; false if there is none. */
  boolean flag(String name) {
    JsonNode node = value(name).orElse(null);
    if (node != null && !node.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return node != null && node.booleanValue();
  }

  /** One of these; empty if there is none. */
  <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
    return value(name).map(node -> choice(name, node, type));
  }

  private <E extends Enum<E>> E choice(String name, JsonNode node, Class<E> type) {
    for (E known : type.getEnumConstants()) {
      if (known.name().equals(node.textValue())) {
        return known;
      }
    }
    List<String> names = Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    throw wrong(name, "one of " + String.join(", ", names));
  }

  /** A moment that databases know, with its offset; null if there is none. */
  Instant instant(String name) {
    JsonNode node = value(name).orElse(null);
    if (node == null) {
      return null;
    }
    try {
      OffsetDateTime moment = OffsetDateTime.parse(node.isTextual() ? node.textValue() : "");
      if (moment.getYear() >= 1 && moment.getYear() <= 9998) {
        return moment.toInstant();
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw wrong(name, "an ISO-8601 moment with an offset, such as \"2026-01-31T12:00:00Z\"");
  }

  /** Texts with their mode, which are both required. */
  Selection<String> texts() {
    return selection(node -> text("values", node));
  }

  /** Whole numbers likewise. */
  Selection<Long> numbers() {
    return selection(
        node -> {
          if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
          }
          throw wrong("values", "whole numbers");
        });
  }

  /** Some of these likewise. */
  <E extends Enum<E>> Selection<E> choices(Class<E> type) {
    return selection(node -> choice("values", node, type));
  }

  private <T> Selection<T> selection(Function<JsonNode, T> read) {
    List<T> values = list("values", read);
    if (values.size() > Selection.MAX_VALUES) {
      throw wrong("values", "no more than " + Selection.MAX_VALUES);
    }
    Selection.Mode mode =
        choice("mode", Selection.Mode.class)
            .orElseThrow(() -> wrong("mode", "there: INCLUDE or EXCLUDE"));
    return new Selection<>(new HashSet<>(values), mode);
  }

  /** A list of texts, which is required. */
  List<String> texts(String name) {
    return list(name, node -> text(name, node));
  }

  private <T> List<T> list(String name, Function<JsonNode, T> read) {
    JsonNode node = object.path(name);
    if (!node.isArray()) {
      throw wrong(name, "a list");
    }
    List<T> values = new ArrayList<>();
    node.forEach(element -> values.add(read.apply(element)));
    return values;
  }
}
