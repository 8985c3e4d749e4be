package org.workermanager.app.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What can be wrong, or merely odd, about a dead letter of a request that is held (PROTOCOL section
 * 6). Where the request is not to end by it, a good reply comes after it, on another queue.
 */
final class LetterMutations {

  private static final End ENDED = End.answered("GRANTED", "ERROR");

  private LetterMutations() {}

  static List<Mutation> all() {
    List<Mutation> all = new ArrayList<>();
    for (String header : List.of("regards.tenant", "regards.request.id")) {
      String reason = header + " is missing or not text";
      all.add(
          ReplyMutations.aside(
              "without " + header, reason, (draft, odd) -> draft.headers.remove(header)));
      all.add(
          ReplyMutations.aside(
              "with a " + header + " of another type",
              reason,
              (draft, odd) -> draft.headers.put(header, odd.nonText())));
      all.add(
          ReplyMutations.notHeld(
              "with a bad " + header,
              (draft, odd) ->
                  draft.headers.merge(
                      header, odd.badText(), (good, bad) -> good.toString() + bad)));
    }
    all.addAll(
        List.of(
            ReplyMutations.notHeld(
                "about an unknown request",
                (draft, odd) ->
                    draft.headers.merge(
                        "regards.request.id", odd.text(), (id, text) -> id + "-" + text)),
            new Mutation(
                "of another dispatch",
                (draft, odd) -> {
                  draft.headers.put("worker-manager.dispatch", odd.text());
                  // the reply may be taken first
                  return List.of(
                      End.ignored("LATE").andProcessed(), End.ignored("NOT_HELD").andProcessed());
                }),
            Mutation.of(
                "of a dispatch that is no text",
                ENDED,
                (draft, odd) -> draft.headers.put("worker-manager.dispatch", odd.nonText())),
            Mutation.of(
                "with an odd reason",
                ENDED,
                (draft, odd) -> draft.headers.put("x-exception-stacktrace", odd.value())),
            Mutation.of(
                "with a bad reason",
                ENDED,
                (draft, odd) -> draft.headers.put("x-exception-stacktrace", odd.badText())),
            Mutation.of(
                "with a death that is none",
                ENDED,
                (draft, odd) -> {
                  draft.headers.remove("x-exception-stacktrace");
                  draft.headers.put(
                      "x-death",
                      odd.oneOf(
                          odd.value(),
                          List.of(),
                          List.of(1),
                          List.of(Map.of()),
                          List.of(Map.of("reason", 1))));
                }),
            Mutation.of(
                "of any body",
                ENDED,
                (draft, odd) -> draft.body = odd.bytes(odd.between(0, 2 * Fuzz.LARGEST_BODY))),
            Mutation.of(
                "with headers that fill the frame",
                ENDED,
                (draft, odd) -> draft.fill(odd.frameMax, odd.between(0, 100))),
            Mutation.of(
                "by way of the broker",
                ENDED,
                (draft, odd) -> {
                  draft.exchange = "regards.DLX";
                  draft.routingKey = Draft.LETTERS;
                }),
            // their queue dead-letters nowhere
            Mutation.of(
                "without a request, and with too large a body",
                End.setAsideWithoutBody("regards.request.id is missing or not text").andProcessed(),
                (draft, odd) -> {
                  draft.headers.remove("regards.request.id");
                  RequestMutations.tooLarge(draft, odd);
                }),
            ReplyMutations.aside(
                "with too many headers", "limit header-count", RequestMutations::tooMany),
            ReplyMutations.aside(
                "with too large a header",
                "limit header",
                (draft, odd) ->
                    draft.headers.put("x-exception-stacktrace", RequestMutations.large(odd))),
            ReplyMutations.aside(
                "with too deep a header",
                "Its headers cannot be read",
                (draft, odd) -> draft.headers.put("nested", odd.nested(40)))));
    return all;
  }
}
