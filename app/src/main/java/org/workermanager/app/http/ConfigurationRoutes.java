package org.workermanager.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.app.configuration.ConfigurationWriter;
import org.workermanager.app.configuration.ExchangeFormat;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;

/** What is set for tenants, and which there are. */
final class ConfigurationRoutes {

  private ConfigurationRoutes() {}

  static Stream<Route> routes() {
    return Stream.of(
        Route.of(
            "GET", "/microservice/configuration", Role.OPERATOR, ConfigurationRoutes::exported),
        Route.of("POST", "/microservice/configuration", Role.ADMIN, ConfigurationRoutes::imported),
        Route.of("GET", "/settings", Role.OPERATOR, ConfigurationRoutes::settings, "names"),
        Route.of("PUT", "/settings/{name}", Role.ADMIN, ConfigurationRoutes::changeSetting),
        Route.of("DELETE", "/settings/{name}", Role.ADMIN, ConfigurationRoutes::resetSetting),
        Route.of("GET", "/tenants", Role.OPERATOR, ConfigurationRoutes::tenants),
        Route.of("PUT", "/tenants/{name}", Role.ADMIN, ConfigurationRoutes::serve));
  }

  private static Answer exported(Call call) {
    String tenant = call.servedTenant();
    return Answer.file(
        "application/json",
        ConfigurationWriter.write(configuration(call, tenant)),
        "worker-manager-" + tenant.replaceAll("[^a-zA-Z0-9._-]", "_") + ".json");
  }

  /** Another instance may have been faster, but no tenant is ever given up. */
  private static Configuration configuration(Call call, String tenant) {
    return call.operator().configuration(tenant).orElse(Configuration.EMPTY);
  }

  private static Answer imported(Call call) {
    String tenant = call.anyTenant();
    byte[] file = file(call);
    try {
      Configuration current = configuration(call, tenant);
      call.operator().configure(tenant, ConfigurationFile.parse(file, current).update());
    } catch (InvalidConfigurationException e) {
      throw Problem.refused(e.errors());
    }
    return Answer.nothing(201);
  }

  private static byte[] file(Call call) {
    HeaderParameters type = call.contentType();
    if (type.value().equals("multipart/form-data")) {
      return Multipart.part(call.body(), type.parameters().get("boundary"), "file");
    } else if (Call.isJson(type.value())) {
      return call.body();
    }
    throw Problem.unsupported(
        "Send the file as the part 'file' of multipart/form-data, or by itself as application/json.");
  }

  private static Answer settings(Call call) {
    String tenant = call.servedTenant();
    List<String> names = call.query().all("names");
    ArrayNode json = Json.array();
    if (names.isEmpty() || names.contains(ExchangeFormat.SKIP_CONTENT_TYPES)) {
      json.add(setting(call, tenant));
    }
    return Answer.json(json);
  }

  private static ObjectNode setting(Call call, String tenant) {
    ObjectNode json =
        Json.object()
            .put("name", ExchangeFormat.SKIP_CONTENT_TYPES)
            .put("description", ExchangeFormat.SKIP_CONTENT_TYPES_DESCRIPTION);
    configuration(call, tenant).skipContentTypes().forEach(json.putArray("value")::add);
    json.putArray("defaultValue");
    return RequestJson.resource(json);
  }

  private static Answer changeSetting(Call call) {
    String tenant = call.servedTenant();
    requireKnownSetting(call.argument());
    ObjectNode body = call.json();
    JsonNode name = body.path("name");
    if (!name.isMissingNode() && !call.argument().equals(name.textValue())) {
      throw Problem.malformed("name must be " + call.argument() + ", as in the address.");
    }
    // whoever sends back what they were shown sends more than this
    return set(call, tenant, Fields.of(body.deepCopy().retain("value"), "value").texts("value"));
  }

  private static Answer resetSetting(Call call) {
    String tenant = call.servedTenant();
    requireKnownSetting(call.argument());
    return set(call, tenant, List.of());
  }

  private static void requireKnownSetting(String name) {
    if (!name.equals(ExchangeFormat.SKIP_CONTENT_TYPES)) {
      throw Problem.notFound(
          "There is no setting '"
              + name
              + "'; there is "
              + ExchangeFormat.SKIP_CONTENT_TYPES
              + ".");
    }
  }

  private static Answer set(Call call, String tenant, List<String> contentTypes) {
    try {
      call.operator()
          .configure(tenant, new ConfigurationUpdate(false, List.of(), List.of(), contentTypes));
    } catch (InvalidConfigurationException e) {
      throw Problem.refused(e.errors());
    }
    return Answer.json(setting(call, tenant));
  }

  private static Answer tenants(Call call) {
    ArrayNode json = Json.array();
    new TreeSet<>(call.operator().tenants()).forEach(json::add);
    return Answer.json(json);
  }

  private static Answer serve(Call call) {
    call.operator().serve(Call.possible(call.argument()));
    return Answer.nothing(204);
  }
}
