package org.workermanager.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.workermanager.app.fuzz.Mutation.of;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What can be wrong, or merely odd, about a worker's reply to a request that is held (PROTOCOL
 * section 5). A good reply comes after it.
 */
final class ReplyMutations {

  private static final End TAKEN =
      new End("taken", End.PROCESSED.responses(), List.of("ignored NOT_HELD"));

  private static final End TAKEN_OTHERWISE =
      new End("taken", TAKEN.responses(), List.of("ignored NOT_HELD", "other content"));

  private ReplyMutations() {}

  static List<Mutation> all() {
    List<Mutation> all = new ArrayList<>(aboutHeaders());
    all.addAll(
        List.of(
            aside("cut off", "The body is not", (d, odd) -> d.body = odd.cut(d.body)),
            aside(
                "with a byte that no JSON has",
                "The body is not",
                (d, odd) -> d.body = odd.withBadByte(d.body)),
            aside("of random bytes", "The body is not", (d, odd) -> d.body = randomBytes(odd)),
            aside(
                "no JSON object",
                "The body is not",
                (d, odd) -> d.text(odd.oneOf("", " ", "[]", "1", "null", "\"SUCCESS\"", "[{}]"))),
            aside(
                "followed by more",
                "The body is not",
                (d, odd) -> d.text(d.text() + odd.oneOf("{}", "]", "x", "1", d.text()))),
            aside(
                "of a status that is none",
                "The body's field 'status' is none of",
                (d, odd) ->
                    d.replace(
                        "\"SUCCESS\"",
                        odd.oneOf(
                            "null", "\"success\"", "\"SUCCESS \"", "\"\"", "\"SUCCESS\\u0000\""))),
            aside(
                "without a status",
                "The body's field 'status' is none of",
                (d, odd) -> d.replace("status", "state")),
            aside(
                "of a status that is no text",
                "The body's field 'status' is not text",
                (d, odd) ->
                    d.replace("\"SUCCESS\"", odd.oneOf("1", "true", "[\"SUCCESS\"]", "{}"))),
            aside(
                "with content that is no base64",
                "The body's field 'content' is not base64",
                (d, odd) -> d.replace("\"content\":\"", "\"content\":\"\\u0000%")),
            aside(
                "with content that is no text",
                "The body's field 'content' is not text",
                (d, odd) ->
                    d.replace(
                        "\"content\":", "\"content\":" + odd.oneOf("1", "[]", "{}") + ",\"was\":")),
            aside(
                "nested too deep",
                "limit json-depth",
                (d, odd) -> addField(d, "[".repeat(odd.between(Fuzz.DEEPEST_JSON, 30_000)))),
            aside(
                "with too long a text",
                "limit json-text",
                (d, odd) -> addField(d, "\"" + "x".repeat(Fuzz.LONGEST_TEXT + 1) + "\"")),
            aside(
                "with too long a number",
                "too much in it",
                (d, odd) -> addField(d, "9".repeat(odd.between(1_001, Fuzz.LONGEST_TEXT)))),
            of(
                "with too large a body",
                End.movedByTheBroker("limit body").andProcessed(),
                RequestMutations::tooLarge),
            of(
                "that it runs",
                new End("taken", End.PROCESSED.responses(), List.of()),
                (d, odd) -> d.replace("SUCCESS", "RUNNING")),
            ended("ERROR"),
            ended("INVALID_CONTENT"),
            of("with more fields", TAKEN, (d, odd) -> addField(d, odd.json())),
            of(
                "with odd messages",
                TAKEN,
                (d, odd) ->
                    d.replace("\"messages\":[", "\"messages\":[" + odd.json() + ", null, ")),
            of(
                "with odd additional headers",
                TAKEN,
                (d, odd) ->
                    addField(
                        d,
                        "0,\"additionalHeaders\":"
                            + odd.oneOf(
                                odd.json(),
                                "{\"regards.tenant\":\"other\",\"CC\":\"x\",\"\":"
                                    + odd.json()
                                    + "}"))),
            new Mutation(
                "with flipped bits",
                (draft, odd) -> {
                  draft.body = odd.withFlippedBits(draft.body);
                  return List.of(TAKEN, TAKEN_OTHERWISE, End.setAside("body").andProcessed());
                }),
            new Mutation(
                "in UTF-16",
                (draft, odd) -> {
                  draft.body = draft.text().getBytes(UTF_16);
                  return List.of(TAKEN, End.setAside("body").andProcessed());
                }),
            new Mutation(
                "with two statuses",
                (draft, odd) -> {
                  addField(draft, "0,\"status\":\"ERROR\"");
                  return List.of(TAKEN, End.answered("GRANTED", "ERROR").andReplyIgnored());
                })));
    return all;
  }

  private static List<Mutation> aboutHeaders() {
    List<Mutation> all = new ArrayList<>();
    for (String header : List.of("regards.tenant", "regards.request.id")) {
      all.add(
          aside(
              "without " + header,
              header + " is missing or not text",
              (draft, odd) -> draft.headers.remove(header)));
      all.add(
          aside(
              "with a " + header + " of another type",
              header + " is missing or not text",
              (draft, odd) -> draft.headers.put(header, odd.nonText())));
      all.add(
          notHeld(
              "with a bad " + header,
              (draft, odd) ->
                  draft.headers.merge(
                      header, odd.badText(), (good, bad) -> good.toString() + bad)));
    }
    all.add(
        notHeld(
            "of another tenant",
            (draft, odd) -> draft.headers.put("regards.tenant", "other" + odd.text())));
    all.add(
        notHeld(
            "about an unknown request",
            (draft, odd) ->
                draft.headers.merge(
                    "regards.request.id", odd.text(), (id, text) -> id + "-" + text)));
    all.add(
        of(
            "of another dispatch",
            End.ignored("LATE").andProcessed(),
            (draft, odd) -> draft.headers.put("worker-manager.dispatch", odd.text())));
    all.add(
        of(
            "of a dispatch that is no text",
            TAKEN,
            (draft, odd) -> draft.headers.put("worker-manager.dispatch", odd.nonText())));
    all.add(
        of(
            "that says itself that its body was dropped",
            TAKEN,
            (draft, odd) ->
                draft.headers.put("worker-manager.dropped-body", odd.random.nextLong())));
    all.add(aside("with too many headers", "limit header-count", RequestMutations::tooMany));
    all.add(
        aside(
            "with too large a header",
            "limit header",
            (draft, odd) -> draft.headers.put("large", RequestMutations.large(odd))));
    all.add(
        aside(
            "with too deep a header",
            "Its headers cannot be read",
            (draft, odd) -> draft.headers.put("nested", odd.nested(odd.between(40, 200)))));
    return all;
  }

  static Mutation aside(String name, String reason, BiConsumer<Draft, Odd> change) {
    return of(name, End.setAside(reason).andProcessed(), change);
  }

  static Mutation notHeld(String name, BiConsumer<Draft, Odd> change) {
    return of(name, End.ignored("NOT_HELD").andProcessed(), change);
  }

  private static Mutation ended(String status) {
    return of(
        "that it ended in " + status,
        End.answered("GRANTED", status).andReplyIgnored(),
        (draft, odd) -> {
          draft.replace("SUCCESS", status);
          draft.replace("\"messages\":[", "\"messages\":[" + odd.json() + ",");
        });
  }

  private static byte[] randomBytes(Odd odd) {
    byte[] bytes = odd.bytes(odd.between(4, 500));
    bytes[0] = 'x';
    return bytes;
  }

  private static void addField(Draft draft, String json) {
    byte[] field = ("{\"x\":" + json + ",").getBytes(UTF_8);
    draft.text(new String(field, UTF_8) + draft.text().substring(1));
  }
}
