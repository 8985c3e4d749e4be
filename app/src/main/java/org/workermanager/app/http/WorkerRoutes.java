package org.workermanager.app.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workermanager.domain.Operator;
import org.workermanager.domain.registry.KnownWorker;
import org.workermanager.domain.registry.WorkerTypeStatus;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.WorkerConfiguration;

/** Shows who is alive; pauses and resumes worker types. */
final class WorkerRoutes {

  private static final String CONTENT_TYPES = "contentTypes";

  private WorkerRoutes() {}

  static Stream<Route> routes() {
    return Stream.of(
        Route.of("GET", "/workers", Role.OPERATOR, WorkerRoutes::alive, CONTENT_TYPES),
        Route.of("GET", "/worker-types", Role.OPERATOR, WorkerRoutes::types),
        Route.of(
            "POST",
            "/worker-types/{type}/pause",
            Role.ADMIN,
            call -> change(call, Operator::pause)),
        Route.of(
            "POST",
            "/worker-types/{type}/resume",
            Role.ADMIN,
            call -> change(call, Operator::resume)));
  }

  private static Answer alive(Call call) {
    List<String> contentTypes = call.query().all(CONTENT_TYPES);
    Optional<String> tenant =
        contentTypes.isEmpty() ? call.servedTenantIfNamed() : Optional.of(call.servedTenant());
    Optional<Set<String>> meant =
        tenant.map(
            name ->
                workers(call.operator(), name)
                    .filter(worker -> contentTypes.isEmpty() || acceptsAny(worker, contentTypes))
                    .map(WorkerConfiguration::workerType)
                    .collect(Collectors.toSet()));
    ArrayNode json = Json.array();
    for (WorkerTypeStatus type : call.operator().workerTypes()) {
      if (type.isAlive() && meant.map(types -> types.contains(type.workerType())).orElse(true)) {
        json.addObject()
            .put("workerType", type.workerType())
            .put("nbInstance", type.instances().size());
      }
    }
    return Answer.json(json);
  }

  private static boolean acceptsAny(WorkerConfiguration worker, List<String> contentTypes) {
    return contentTypes.stream().anyMatch(worker.contentTypeInputs()::contains);
  }

  private static Stream<WorkerConfiguration> workers(Operator operator, String tenant) {
    return operator.configuration(tenant).stream()
        .map(Configuration::workers)
        .flatMap(List::stream);
  }

  private static Answer types(Call call) {
    Operator operator = call.operator();
    Map<String, WorkerTypeStatus> heardOf =
        operator.workerTypes().stream()
            .collect(Collectors.toMap(WorkerTypeStatus::workerType, Function.identity()));
    Set<String> configured =
        call.servedTenantIfNamed().map(Set::of).orElseGet(operator::tenants).stream()
            .flatMap(tenant -> workers(operator, tenant))
            .map(WorkerConfiguration::workerType)
            .collect(Collectors.toSet());
    Set<String> paused = operator.paused();
    Map<String, Long> overdue = operator.overdue();
    Set<String> all = new TreeSet<>(heardOf.keySet());
    all.addAll(configured);
    all.addAll(paused);
    all.addAll(overdue.keySet());
    ArrayNode json = Json.array();
    for (String type : all) {
      List<KnownWorker> instances =
          heardOf.containsKey(type) ? heardOf.get(type).instances() : List.of();
      ObjectNode status =
          json.addObject()
              .put("workerType", type)
              .put("alive", !instances.isEmpty())
              .put("paused", paused.contains(type))
              .put("configured", configured.contains(type))
              .put("nbInstance", instances.size())
              .put("overdue", overdue.getOrDefault(type, 0L));
      if (heardOf.containsKey(type)) {
        status
            .put("firstBeat", heardOf.get(type).firstBeat().toString())
            .put("lastBeat", heardOf.get(type).lastBeat().toString());
      }
      ArrayNode each = status.putArray("instances");
      for (KnownWorker instance : instances) {
        each.addObject()
            .put("instance", instance.instance())
            .put("firstBeat", instance.firstBeat().toString())
            .put("lastBeat", instance.lastBeat().toString());
      }
    }
    return Answer.json(json);
  }

  private static Answer change(Call call, BiConsumer<Operator, String> change) {
    try {
      change.accept(call.operator(), call.argument());
    } catch (IllegalArgumentException e) {
      throw Problem.malformed(e.getMessage() + ".");
    }
    return Answer.nothing(204);
  }
}
