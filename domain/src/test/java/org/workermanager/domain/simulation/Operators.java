package org.workermanager.domain.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.workermanager.domain.Operator;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;

/** Those who look after the managers, by any of them. */
final class Operators {

  private final History history;

  Operators(History history) {
    this.history = history;
  }

  /** Each does something now and then. */
  void act() {
    if (history.happens(Injection.OPERATOR_RETRIES)) {
      String tenant = tenant();
      Function<Instant, RequestFilter> filter = filter();
      ask(
          "retries in " + tenant,
          (operator, now) -> operator.retry(tenant, filter.apply(now), OperationListener.NONE));
    }
    if (history.happens(Injection.OPERATOR_DELETES)) {
      String tenant = tenant();
      Function<Instant, RequestFilter> filter = filter();
      ask(
          "deletes in " + tenant,
          (operator, now) -> operator.delete(tenant, filter.apply(now), OperationListener.NONE));
    }
    if (history.happens(Injection.OPERATOR_PAUSES)) {
      String type = history.dice.pick(Setups.WORKER_TYPES);
      if (history.dice.chance(0.5)) {
        ask("pauses " + type, (operator, now) -> operator.pause(type));
      } else {
        ask("resumes " + type, (operator, now) -> operator.resume(type));
      }
    }
    if (history.happens(Injection.CONFIGURATION_CHANGES)) {
      Configuration other =
          history.dice.chance(0.3) ? Setups.USUAL : history.dice.pick(Setups.OTHERS);
      String tenant = tenant();
      ask(
          "configures " + tenant + " as " + other,
          (operator, now) -> configure(operator, tenant, other));
    }
  }

  private String tenant() {
    return "t" + history.dice.between(1, history.plan.tenants());
  }

  private void configure(Operator operator, String tenant, Configuration configuration) {
    operator.configure(
        tenant,
        new ConfigurationUpdate(
            true,
            configuration.workers(),
            configuration.workflows(),
            configuration.skipContentTypes()));
    history.facts.configured(tenant);
  }

  /** By the time of day as the one who is asked has it. */
  private Function<Instant, RequestFilter> filter() {
    return switch (history.dice.below(4)) {
      case 0 -> now -> RequestFilter.ALL;
      case 1 -> now -> statuses(RequestStatus.ERROR, RequestStatus.INVALID_CONTENT);
      case 2 -> now -> statuses(RequestStatus.NO_WORKER_AVAILABLE);
      default -> now -> sentBefore(now.minusSeconds(10));
    };
  }

  private static RequestFilter sentBefore(Instant moment) {
    RequestFilter sent = statuses(RequestStatus.DISPATCHED, RequestStatus.RUNNING);
    return new RequestFilter(null, null, null, null, sent.statuses(), null, null, null, moment);
  }

  private static RequestFilter statuses(RequestStatus... statuses) {
    return RequestFilter.ALL.withStatuses(Selection.of(Set.of(statuses)));
  }

  private void ask(String what, BiConsumer<Operator, Instant> question) {
    List<ManagerProcess> there =
        history.processes.stream()
            .filter(process -> process.hasBegun() && process.canRun(Lane.OPERATOR))
            .toList();
    if (!there.isEmpty()) {
      ManagerProcess process = history.dice.pick(there);
      history.trace.add(() -> "operator " + what);
      process.run(Lane.OPERATOR, () -> question.accept(process.manager.operator(), process.now()));
    }
  }
}
