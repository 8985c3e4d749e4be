package org.workermanager.app.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.workermanager.domain.request.HistoryEntry;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestDetails;

/** Held requests as JSON: what existing operators know (PROTOCOL section 10), then ours. */
final class RequestJson {

  private RequestJson() {}

  static ObjectNode of(Page page) {
    ObjectNode json = Json.object();
    ArrayNode content = json.putArray("content");
    page.content().forEach(numbered -> content.add(resource(of(numbered))));
    json.putObject("metadata")
        .put("size", page.request().size())
        .put("number", page.request().number())
        .put("totalElements", page.totalElements())
        .put("totalPages", page.totalPages());
    json.putArray("links");
    return json;
  }

  /** As everything single is wrapped there. */
  static ObjectNode resource(ObjectNode content) {
    ObjectNode resource = Json.object();
    resource.set("content", content);
    resource.putArray("links");
    return resource;
  }

  static ObjectNode of(RequestDetails details) {
    ObjectNode json = of(details.numbered()).put("contentSize", details.content().size());
    Request request = details.request();
    ObjectNode headers = json.putObject("additionalHeaders");
    new TreeMap<>(request.state().additionalHeaders()).forEach(headers::put);
    ArrayNode history = json.putArray("history");
    request.history().forEach(entry -> history.add(of(entry)));
    return resource(json);
  }

  private static ObjectNode of(NumberedRequest numbered) {
    Request request = numbered.request();
    RequestState state = request.state();
    ObjectNode json =
        Json.object()
            .put("id", numbered.id())
            .put("requestId", request.key().requestId())
            .put("creationDate", request.creationDate().toString())
            .put("contentType", request.contentType())
            .put("source", request.source())
            .put("session", request.session())
            .put("status", state.status().name());
    putIfAny(json, "dispatchedWorkerType", state.dispatchedWorkerType());
    if (!state.messages().isEmpty()) {
      json.put("error", String.join("\n", state.messages()));
    }
    json.put("priority", request.priority());
    if (state.position().kind() != Position.Kind.START) {
      json.put("step", state.position().step());
    }
    putIfAny(json, "workerType", state.workerType());
    return json.put("since", request.since().toString());
  }

  private static ObjectNode of(HistoryEntry entry) {
    ObjectNode json =
        Json.object().put("at", entry.at().toString()).put("status", entry.status().name());
    putIfAny(json, "workerType", entry.workerType());
    if (entry.step() != null) {
      json.put("step", entry.step());
    }
    if (!entry.detail().isEmpty()) {
      json.put("detail", entry.detail());
    }
    return json;
  }

  private static void putIfAny(ObjectNode json, String name, String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  static ObjectNode of(RequestCounts counts) {
    ObjectNode json = Json.object();
    json.set("byStatus", of(counts.byStatus()));
    ObjectNode byWorkerType = json.putObject("byWorkerType");
    new TreeMap<>(counts.byWorkerType())
        .forEach((type, byStatus) -> byWorkerType.set(type, of(byStatus)));
    ArrayNode bySession = json.putArray("bySession");
    for (RequestCounts.SessionCount session : counts.bySession()) {
      bySession
          .addObject()
          .put("source", session.source())
          .put("session", session.session())
          .set("byStatus", of(session.byStatus()));
    }
    return json;
  }

  private static ObjectNode of(Map<RequestStatus, Long> byStatus) {
    ObjectNode json = Json.object();
    Map<RequestStatus, Long> ordered = new EnumMap<>(RequestStatus.class);
    ordered.putAll(byStatus);
    ordered.forEach((status, count) -> json.put(status.name(), count));
    return json;
  }
}
