package org.workermanager.app.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workermanager.domain.Operator;
import org.workermanager.domain.protocol.ProtocolText;

/**
 * What somebody asks for who may do so.
 *
 * @param operator whom to ask
 * @param arguments what stands in the path for the names in braces of its {@link Route}, in order
 * @param body empty where there is none
 */
record Call(Operator operator, List<String> arguments, Query query, Headers headers, byte[] body) {

  /** Names the tenant, as a parameter or a header. */
  static final String SCOPE = "scope";

  String argument() {
    return arguments.get(0);
  }

  /** The tenant that is named, if any: one that is served. */
  Optional<String> servedTenantIfNamed() {
    Optional<String> named = tenantIfNamed();
    named.ifPresent(
        tenant -> {
          if (!operator.tenants().contains(tenant)) {
            throw Problem.notFound("Tenant '" + tenant + "' is not served.");
          }
        });
    return named;
  }

  /** A served tenant, which must be named. */
  String servedTenant() {
    return servedTenantIfNamed().orElseThrow(Call::noTenant);
  }

  /** One that may not be served yet, but could be. */
  String anyTenant() {
    return tenantIfNamed().map(Call::possible).orElseThrow(Call::noTenant);
  }

  /** Checks that requests could name this tenant. */
  static String possible(String tenant) {
    String fault = ProtocolText.tenantFault(tenant);
    if (fault != null) {
      throw Problem.malformed("The tenant " + fault + ".");
    }
    return tenant;
  }

  private static Problem noTenant() {
    return Problem.malformed(
        "Name the tenant: add ?scope=TENANT to the address, or a header 'scope: TENANT'.");
  }

  private Optional<String> tenantIfNamed() {
    List<String> named =
        Stream.concat(query.all(SCOPE).stream(), headers.getOrDefault(SCOPE, List.of()).stream())
            .distinct()
            .toList();
    if (named.size() > 1) {
      throw Problem.malformed(
          "Different tenants are named: " + String.join(", ", named) + ". Name one.");
    }
    return named.stream().findFirst();
  }

  /** The JSON object in the body, which is required. */
  ObjectNode json() {
    if (body.length == 0) {
      throw Problem.malformed("There must be a JSON object as the body, {} at the least.");
    }
    return jsonIfAny();
  }

  /** The JSON object in the body; an empty one where there is no body. */
  ObjectNode jsonIfAny() {
    if (body.length == 0) {
      return Json.object();
    }
    String type = contentType().value();
    if (!type.isEmpty() && !isJson(type)) {
      throw Problem.unsupported("The body must be application/json, not " + type + ".");
    }
    return Json.readObject(body);
  }

  static boolean isJson(String contentType) {
    return contentType.equals("application/json") || contentType.endsWith("+json");
  }

  /** Its value is empty where none is given. */
  HeaderParameters contentType() {
    String header = headers.getFirst("Content-Type");
    return HeaderParameters.parse(header == null ? "" : header);
  }
}
