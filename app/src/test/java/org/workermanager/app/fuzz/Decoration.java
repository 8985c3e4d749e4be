package org.workermanager.app.fuzz;

import java.util.List;
import java.util.function.BiConsumer;

/** What is odd about a message and must not matter. */
final class Decoration {

  private static final List<BiConsumer<Draft, Odd>> ALL =
      List.of(
          (draft, odd) -> draft.properties.contentType(odd.shortText()),
          (draft, odd) -> draft.properties.contentEncoding(odd.oneOf("gzip", odd.shortText())),
          (draft, odd) -> draft.properties.correlationId(odd.shortText()),
          (draft, odd) -> draft.properties.replyTo(odd.shortText()),
          (draft, odd) -> draft.properties.type(odd.shortText()).appId(odd.shortText()),
          (draft, odd) -> draft.properties.clusterId(odd.shortText()),
          (draft, odd) -> draft.properties.timestamp(odd.date()),
          (draft, odd) -> draft.properties.priority(odd.random.nextInt(256)),
          (draft, odd) -> draft.properties.deliveryMode(odd.oneOf(null, 1)),
          (draft, odd) -> draft.properties.expiration(odd.rabbitMq ? "600000" : null),
          (draft, odd) -> draft.headers.put("x " + odd.text(), odd.value()),
          (draft, odd) -> draft.headers.put(WireProperties.NO_UTF_8.repeat(60), odd.value()),
          (draft, odd) -> draft.headers.put("", odd.value()),
          (draft, odd) -> draft.headers.put("nests", odd.nested(odd.between(1, 25))),
          (draft, odd) -> draft.headers.put("CC", List.of("nowhere")),
          (draft, odd) -> draft.headers.put("Regards.Tenant", "other"),
          (draft, odd) -> draft.headers.put("regards.request.ID", odd.value()),
          (draft, odd) -> draft.headers.put("regards.converter", odd.value()),
          (draft, odd) -> draft.headers.put("worker-manager.origin", odd.value()));

  private Decoration() {}

  static void some(Draft draft, Odd odd) {
    for (int i = odd.between(1, 4); i > 0 && !draft.isFull; i--) {
      odd.oneOf(ALL).accept(draft, odd);
    }
  }
}
