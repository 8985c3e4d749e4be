package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All that can be called. */
final class Routes {

  /** A route, and what stands in the path for the names in its pattern. */
  record Match(Route route, List<String> arguments) {}

  private final List<Route> routes;

  Routes(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /**
   * Whom a call is for.
   *
   * @throws Problem if there is nothing there, or it cannot be called so
   */
  Match find(String method, URI address) {
    List<String> segments = segments(address);
    // what can be read can be asked about
    String wanted = method.equals("HEAD") ? "GET" : method;
    return matching(segments)
        .filter(match -> match.route().method().equals(wanted))
        .findFirst()
        .orElseThrow(() -> notThere(method, segments));
  }

  /**
   * What the address can be called with, as the header {@code Allow} has it.
   *
   * @throws Problem if there is nothing there
   */
  String allowed(URI address) {
    return allowed(segments(address)).orElseThrow(Routes::nothingThere);
  }

  private Optional<String> allowed(List<String> segments) {
    TreeSet<String> methods = new TreeSet<>();
    matching(segments).forEach(match -> methods.add(match.route().method()));
    if (methods.isEmpty()) {
      return Optional.empty();
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return Optional.of(String.join(", ", methods));
  }

  private Problem notThere(String method, List<String> segments) {
    return allowed(segments)
        .map(
            allowed ->
                Problem.notAllowed(
                    "%s is not possible there, but %s.".formatted(method, allowed), allowed))
        .orElseGet(Routes::nothingThere);
  }

  private static Problem nothingThere() {
    return Problem.notFound("There is nothing at this address.");
  }

  private Stream<Match> matching(List<String> segments) {
    return routes.stream()
        .flatMap(
            route -> route.match(segments).map(arguments -> new Match(route, arguments)).stream());
  }

  /** A request id may contain anything, slashes too: they are decoded only when separated. */
  private static List<String> segments(URI address) {
    return Stream.of(address.getRawPath().split("/", -1))
        .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), UTF_8))
        .toList();
  }
}
