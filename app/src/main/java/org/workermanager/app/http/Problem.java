package org.workermanager.app.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** A call that cannot be answered as asked, told as RFC 9457 wants it. */
final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  private final int status;
  private final transient Map<String, String> headers;
  private final transient List<String> errors;

  private Problem(int status, String detail, Map<String, String> headers, List<String> errors) {
    // nobody looks at where it was thrown
    super(detail, null, false, false);
    this.status = status;
    this.headers = headers;
    this.errors = errors;
  }

  private static Problem of(int status, String detail) {
    return new Problem(status, detail, Map.of(), List.of());
  }

  /** What the caller sent makes no sense. */
  static Problem malformed(String detail) {
    return of(400, detail);
  }

  static Problem unauthorized(String detail) {
    return new Problem(401, detail, Map.of("WWW-Authenticate", "Bearer"), List.of());
  }

  static Problem forbidden(String detail) {
    return of(403, detail);
  }

  static Problem notFound(String detail) {
    return of(404, detail);
  }

  static Problem notAllowed(String detail, String allowed) {
    return new Problem(405, detail, Map.of("Allow", allowed), List.of());
  }

  /** A configuration would break rules: all of them. */
  static Problem refused(List<String> errors) {
    String detail = errors.size() == 1 ? errors.get(0) : errors.size() + " errors, see there.";
    return new Problem(409, detail, Map.of(), List.copyOf(errors));
  }

  static Problem tooLarge(String detail) {
    return of(413, detail);
  }

  static Problem unsupported(String detail) {
    return of(415, detail);
  }

  static Problem internal() {
    return of(500, "An error that should not exist; the manager's log has it.");
  }

  /** The same call may well succeed a little later. */
  static Problem unavailable(String detail) {
    return new Problem(503, detail, Map.of("Retry-After", "5"), List.of());
  }

  /** The same call will hardly ever succeed. */
  static Problem tooMuch(String detail) {
    return of(503, detail);
  }

  Answer answer() {
    ObjectNode body =
        Json.object()
            .put("type", "about:blank")
            .put("title", TITLES.get(status))
            .put("status", status)
            .put("detail", getMessage());
    if (!errors.isEmpty()) {
      errors.forEach(body.putArray("errors")::add);
    }
    return new Answer(status, "application/problem+json", Json.write(body), headers);
  }
}
