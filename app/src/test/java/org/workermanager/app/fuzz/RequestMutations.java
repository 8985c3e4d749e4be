package org.workermanager.app.fuzz;

import static org.workermanager.app.fuzz.Mutation.of;

import java.util.ArrayList;
import java.util.List;

/** What can be wrong, or merely odd, about a request (PROTOCOL section 2). */
final class RequestMutations {

  private static final List<String> DETAILS =
      List.of("regards.request.owner", "regards.request.session", "regards.request.content_type");

  private RequestMutations() {}

  static List<Mutation> all() {
    List<Mutation> all = new ArrayList<>();
    for (String header : List.of("regards.tenant", "regards.request.id")) {
      End aside = End.setAside("No response is possible: " + header);
      all.add(of("without " + header, aside, (draft, odd) -> draft.headers.remove(header)));
      all.add(
          of(
              header + " of another type",
              aside,
              (draft, odd) -> draft.headers.put(header, odd.nonText())));
      all.add(of("bad " + header, aside, (draft, odd) -> draft.headers.put(header, odd.badText())));
    }
    for (String header : DETAILS) {
      End skipped = End.answered("SKIPPED " + header);
      all.add(of("without " + header, skipped, (draft, odd) -> draft.headers.remove(header)));
      all.add(
          of(
              header + " of another type",
              skipped,
              (draft, odd) -> draft.headers.put(header, odd.nonText())));
      all.add(
          of("bad " + header, skipped, (draft, odd) -> draft.headers.put(header, odd.badText())));
    }
    all.addAll(
        List.of(
            of(
                "another tenant",
                End.setAside("is not served"),
                (draft, odd) ->
                    draft.headers.put(
                        "regards.tenant", odd.oneOf("", "FUZZ", "fuzz ", "other", odd.text()))),
            new Mutation(
                "two tenants",
                (draft, odd) -> {
                  draft.headers.put(WireProperties.SECOND_TENANT, "other");
                  return List.of(End.PROCESSED, End.setAside("is not served"));
                }),
            of(
                "nothing but a tenant",
                End.setAside("No response is possible: regards.request.id"),
                (draft, odd) -> draft.headers.keySet().removeIf(h -> !h.equals("regards.tenant"))),
            of(
                "no headers",
                End.setAside("No response is possible: regards.tenant"),
                (draft, odd) -> draft.headers.clear()),
            of(
                "headers in capitals",
                End.setAside("No response is possible: regards.tenant"),
                (draft, odd) ->
                    List.copyOf(draft.headers.keySet())
                        .forEach(
                            header ->
                                draft.headers.put(
                                    "R" + header.substring(1), draft.headers.remove(header)))),
            of(
                "odd texts",
                End.PROCESSED,
                (draft, odd) -> {
                  draft.headers.merge(
                      "regards.request.id", odd.text(), (id, text) -> "" + id + text);
                  draft.headers.put("regards.request.owner", odd.text());
                  draft.headers.put("regards.request.session", odd.text());
                }),
            of(
                "content type to be skipped",
                End.answered("SKIPPED configured to be skipped"),
                (draft, odd) ->
                    draft.headers.put("regards.request.content_type", Draft.SKIPPED_TYPE)),
            of(
                "content type that no worker takes",
                End.answered("DELAYED"),
                (draft, odd) -> draft.headers.put("regards.request.content_type", odd.text())),
            of("no body", End.PROCESSED, (draft, odd) -> draft.body = new byte[0]),
            of(
                "a body just as large as allowed",
                End.PROCESSED,
                (draft, odd) -> draft.body = odd.bytes(Fuzz.LARGEST_BODY)),
            of(
                "too large a body",
                End.answered("SKIPPED limit body"),
                (draft, odd) -> tooLarge(draft, odd)),
            of(
                "too large a body, and no tenant",
                End.movedByTheBroker("limit body"),
                (draft, odd) -> {
                  tooLarge(draft, odd);
                  draft.headers.remove("regards.tenant");
                }),
            of(
                "too many headers",
                End.answered("SKIPPED limit header-count"),
                RequestMutations::tooMany),
            of(
                "too large a header",
                End.answered("SKIPPED limit header"),
                (draft, odd) -> draft.headers.put("large", large(odd))),
            of(
                "an owner that fills the frame",
                End.answered("SKIPPED limit header"),
                (draft, odd) -> {
                  draft.headers.remove("regards.request.owner");
                  int room = odd.frameMax - draft.frameSize() - odd.between(50, 400);
                  draft.headers.put("regards.request.owner", "o".repeat(room));
                  draft.isFull = true;
                }),
            of("headers that fill the frame", End.PROCESSED, RequestMutations::fill),
            of(
                "headers that fill the frame, and no tenant",
                End.setAside("No response is possible: regards.tenant"),
                (draft, odd) -> {
                  draft.headers.remove("regards.tenant");
                  fill(draft, odd);
                }),
            of(
                "too deep a header",
                End.setAside("Its headers cannot be read"),
                (draft, odd) -> draft.headers.put("nested", odd.nested(odd.between(40, 200)))),
            of(
                "too deep a header, and no body",
                End.setAside("Its headers cannot be read"),
                (draft, odd) -> {
                  draft.headers.put("nested", odd.nested(40));
                  draft.isAnonymous = true;
                  draft.body = new byte[0];
                }),
            of(
                "too deep a header, and too large a body",
                End.movedByTheBroker("Its headers cannot be read"),
                (draft, odd) -> {
                  draft.headers.put("nested", odd.nested(40));
                  draft.isAnonymous = true;
                  tooLarge(draft, odd);
                }),
            of(
                "says itself that its headers are unreadable",
                End.setAside("Its headers cannot be read"),
                (draft, odd) ->
                    draft.headers.put("worker-manager.unreadable-headers", odd.text() + "x")),
            of(
                "says itself that its body was dropped",
                End.PROCESSED,
                (draft, odd) ->
                    draft.headers.put("worker-manager.dropped-body", odd.random.nextLong())),
            new Mutation(
                "expires at once",
                (draft, odd) -> {
                  String soon = odd.oneOf("0", "1", "5");
                  draft.properties.expiration(odd.rabbitMq ? soon : null);
                  return List.of(
                      End.PROCESSED,
                      new End("expired, moved by the broker", List.of(), List.of("moved")));
                })));
    return all;
  }

  /** The manager rejects such a one unless its sender can be told. */
  static void tooLarge(Draft draft, Odd odd) {
    // rejected with headers that it cannot take apart the embedded broker drops it
    draft.isFull = !odd.rabbitMq;
    draft.text(draft.text() + " ".repeat(Fuzz.LARGEST_BODY + odd.between(0, 100)));
  }

  static void tooMany(Draft draft, Odd odd) {
    for (int i = 0; i < Fuzz.MOST_HEADERS; i++) {
      draft.headers.put("many " + i, odd.value());
    }
  }

  static Object large(Odd odd) {
    return odd.oneOf(
        "x".repeat(Fuzz.LARGEST_HEADER),
        new byte[Fuzz.LARGEST_HEADER],
        List.of("\u3042".repeat(Fuzz.LARGEST_HEADER / 3), true));
  }

  private static void fill(Draft draft, Odd odd) {
    draft.fill(odd.frameMax, odd.between(0, 100));
  }
}
