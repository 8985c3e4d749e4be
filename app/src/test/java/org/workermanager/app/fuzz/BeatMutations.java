package org.workermanager.app.fuzz;

import static org.workermanager.app.fuzz.Mutation.of;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/** What can be wrong, or merely odd, about a worker's heartbeat (PROTOCOL section 4). */
final class BeatMutations {

  static final End HEARD = new End("heard", List.of(), List.of("alive"));

  private BeatMutations() {}

  static List<Mutation> all() {
    return List.of(
        aside("cut off", "The body is not", (d, odd) -> d.body = odd.cut(d.body)),
        aside(
            "with a byte that no JSON has",
            "The body is not",
            (d, odd) -> d.body = odd.withBadByte(d.body)),
        aside("empty", "The body is not", (d, odd) -> d.body = new byte[0]),
        field("id", "null", "1", "\"\"", "\"a\\u0000\"", "\"\\ud800\"", "{}", tooLong()),
        field("type", "null", "[]", "\"\"", "\"a\\u0000\"", "\"\\udfff\"", tooLong()),
        field(
            "heartBeatDate",
            "null",
            "0",
            "\"\"",
            "\"now\"",
            "\"2024-02-30T00:00:00Z\"",
            "\"2024-08-02T09:45:10\"",
            "\"+1000000000-01-01T00:00:00Z\"",
            "\"2024-08-02T09:45:10.0123456789Z\""),
        aside(
            "nested too deep",
            "limit json-depth",
            (d, odd) -> d.replace("{", "{\"x\":" + "[".repeat(odd.between(100, 30_000)))),
        aside("with too many headers", "limit header-count", RequestMutations::tooMany),
        aside(
            "with too large a header",
            "limit header",
            (d, odd) -> d.headers.put("large", RequestMutations.large(odd))),
        aside(
            "with too deep a header",
            "Its headers cannot be read",
            (d, odd) -> d.headers.put("nested", odd.nested(40))),
        of("with too large a body", End.movedByTheBroker("limit body"), RequestMutations::tooLarge),
        of(
            "that is old",
            new End("ignored: too old", List.of(), List.of()),
            (d, odd) ->
                date(
                    d,
                    odd.oneOf(
                        "-999999999-01-01T00:00:00Z",
                        "1970-01-01T00:00:00.000000001Z",
                        Instant.now().minusSeconds(odd.between(1_000, 1_000_000)).toString()))),
        of(
            "of the future",
            HEARD,
            (d, odd) ->
                date(
                    d,
                    odd.oneOf(
                        "+999999999-12-31T23:59:59.999999999-18:00",
                        Instant.now().plusSeconds(odd.between(1_000, 1_000_000)).toString()))),
        of("with more fields", HEARD, (d, odd) -> d.replace("{", "{\"x\":" + odd.json() + ",")),
        of("of another tenant", HEARD, (d, odd) -> d.headers.put("regards.tenant", odd.value())),
        of("without headers", HEARD, (d, odd) -> d.headers.clear()),
        of(
            "of an odd worker type",
            HEARD,
            (d, odd) ->
                d.replace(
                    "\"type\":\"" + Draft.WORKER,
                    "\"type\":\""
                        + odd.oneOf("\\u2028", "'", "%n", "*.#", "x".repeat(249), " ", "FUZZER"))));
  }

  private static Mutation aside(String name, String reason, BiConsumer<Draft, Odd> change) {
    return of(name, End.setAside(reason), change);
  }

  private static String tooLong() {
    return "\"" + "x".repeat(256) + "\"";
  }

  private static Mutation field(String name, String... values) {
    return aside(
        "with a bad " + name,
        "The body's field '" + name + "'",
        (draft, odd) -> {
          String field = "\"" + name + "\":";
          draft.replace(field, odd.chance(0.2) ? "\"y\":" : field + odd.oneOf(values) + ",\"y\":");
        });
  }

  private static void date(Draft draft, String date) {
    draft.replace("\"heartBeatDate\":", "\"heartBeatDate\":\"" + date + "\",\"was\":");
  }
}
