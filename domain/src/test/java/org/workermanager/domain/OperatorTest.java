package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestCounts.SessionCount;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;

/** What operators are shown. */
class OperatorTest {

  private final World world = new World();
  private final Operator operator = world.manager.operator();

  private Page all(PageRequest page) {
    return operator.search(World.TENANT, RequestFilter.ALL, page);
  }

  private static List<String> ids(Page page) {
    return page.content().stream().map(found -> found.request().key().requestId()).toList();
  }

  private RequestState shown(String id) {
    RequestState found = operator.find(World.TENANT, id).orElseThrow().request().state();
    RequestState searched =
        all(PageRequest.first(100)).content().stream()
            .map(NumberedRequest::request)
            .filter(request -> request.key().requestId().equals(id))
            .findAny()
            .orElseThrow()
            .state();
    assertEquals(found, searched);
    return found;
  }

  @Test
  void pagesAreInTheOrderOfArrival() {
    for (String id : List.of("c", "a", "e", "b", "d")) {
      world.submit(world.request(id, "a"));
    }
    Page first = all(PageRequest.first(2));
    assertEquals(List.of("c", "a"), ids(first));
    assertEquals(5, first.totalElements());
    assertEquals(3, first.totalPages());
    assertEquals(List.of("d"), ids(all(new PageRequest(2, 2, List.of()))));
    assertEquals(List.of(), ids(all(new PageRequest(3, 2, List.of()))));
    assertEquals(List.of(), ids(all(new PageRequest(Integer.MAX_VALUE, 1_000, List.of()))));
    List<Long> numbers = first.content().stream().map(NumberedRequest::id).toList();
    assertEquals(List.of(1L, 2L), numbers);
  }

  @Test
  void aPageWithoutRequestsHasNone() {
    Page none = all(PageRequest.first(20));
    assertEquals(0, none.totalElements());
    assertEquals(0, none.totalPages());
  }

  @Test
  void oneRequestIsShownInFull() {
    world.beat("A", "B");
    world.submit(world.request("1", "flow"));
    RequestDetails before = operator.find(World.TENANT, "1").orElseThrow();
    assertEquals(World.content("content 1"), before.content());
    assertNull(before.originalContent());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    RequestDetails after = operator.find(World.TENANT, "1").orElseThrow();
    assertEquals(World.content("half"), after.content());
    assertEquals(World.content("content 1"), after.originalContent());
    assertEquals(before.numbered().id(), after.numbered().id());
    assertEquals(Optional.empty(), operator.find(World.TENANT, "2"));
    assertEquals(Optional.empty(), operator.find("other", "1"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "whole"));
    assertEquals(Optional.empty(), operator.find(World.TENANT, "1"), "held no more");
  }

  @Test
  void whatIsFinishedAndStillBeingToldIsNotShown() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    WorkerManager other =
        world.started(
            "other",
            world.before(
                "close",
                () -> {
                  assertEquals(Optional.empty(), operator.find(World.TENANT, "1"));
                  assertEquals(0, all(PageRequest.first(1)).totalElements());
                  assertEquals(
                      Map.of(), operator.count(World.TENANT, RequestFilter.ALL).byStatus());
                }));
    other.replies(List.of(world.reply("1", ReplyStatus.SUCCESS, null)));
  }

  @Test
  void theReasonShownIsWhyItWaitsNow() {
    world.submit(world.request("1", "new"), world.request("2", "flow"));
    String unknown = "No worker and no workflow is configured for content type 'new'.";
    assertEquals(List.of(unknown), shown("1").messages());
    assertNull(shown("1").workerType());
    operator.configure(
        World.TENANT,
        new ConfigurationUpdate(
            false, List.of(World.worker("N", "new", null)), List.of(), List.of()));
    assertEquals(List.of("No worker 'N' is alive."), shown("1").messages());
    assertEquals("N", shown("1").workerType());
    operator.configure(
        World.TENANT, new ConfigurationUpdate(true, List.of(), List.of(), List.of("new")));
    assertEquals(List.of("Content type 'new' is configured to be skipped."), shown("1").messages());
    assertEquals(
        List.of("No worker and no workflow is configured for content type 'flow'."),
        shown("2").messages());
    assertEquals(List.of(unknown), world.held("1").state().messages(), "as it was told");
    assertEquals(1, operator.find(World.TENANT, "1").orElseThrow().request().history().size());
    assertEquals(
        List.of("DELAYED 1", "DELAYED 2"), world.told(), "looking at it tells nobody anything");
  }

  @Test
  void theReasonShownOfAStepIsWhyItWaitsNow() {
    world.beat("A");
    world.submit(world.request("1", "flow"));
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "half"));
    assertEquals(List.of("No worker 'B' is alive."), shown("1").messages());
    world.configure(
        List.of(World.worker("A", "a", "b")),
        new WorkflowConfiguration("flow", List.of(new WorkflowStep(10, "A")), true));
    assertEquals(List.of("Workflow 'flow' has no step 20 any more."), shown("1").messages());
    world.configure(List.of(World.worker("A", "a", "b")));
    assertEquals(List.of("Workflow 'flow' is not configured any more."), shown("1").messages());
  }

  @Test
  void theReasonShownOfARefusedDispatchIsThatItWasRefused() {
    world.beat("A");
    world.refuseDispatches = true;
    world.submit(world.request("1", "a"));
    assertEquals(List.of("full"), shown("1").messages());
    world.letPass(Duration.ofMinutes(2));
    assertEquals(List.of("No worker 'A' is alive."), shown("1").messages());
  }

  @Test
  void whatCouldBeDispatchedNowIsShownAsItIsUntilItHasBeen() {
    world.beat("A");
    world.refuseDispatches = true;
    world.submit(world.request("1", "a"));
    world.letPass(Duration.ofSeconds(2));
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, shown("1").status());
    assertEquals(List.of("full"), shown("1").messages());
  }

  @Test
  void aTenantIsServedAtOnce() {
    operator.serve("new");
    assertEquals(Set.of(World.TENANT, "new"), operator.tenants());
    world.submit(World.of("new", world.request("1", "a")));
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void whatFailedSaysWhatItSaid() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.replies(world.reply("1", ReplyStatus.ERROR, null));
    world.pass(Duration.ofMinutes(2));
    assertEquals(List.of("said"), shown("1").messages());
    assertEquals(RequestStatus.ERROR, shown("1").status());
  }

  @Test
  void requestsAreCountedByStatusWorkerTypeAndSession() {
    world.beat("A");
    world.submit(
        world.request("1", "a"),
        world.request("2", "a"),
        world.request("3", "b"),
        world.request("4", "unknown"));
    world.replies(world.reply("1", ReplyStatus.ERROR, null));
    Map<RequestStatus, Long> byStatus =
        Map.of(
            RequestStatus.ERROR, 1L,
            RequestStatus.DISPATCHED, 1L,
            RequestStatus.NO_WORKER_AVAILABLE, 2L);
    assertEquals(
        new RequestCounts(
            byStatus,
            Map.of(
                "A",
                Map.of(RequestStatus.ERROR, 1L, RequestStatus.DISPATCHED, 1L),
                "B",
                Map.of(RequestStatus.NO_WORKER_AVAILABLE, 1L)),
            List.of(new SessionCount("owner", "session", byStatus))),
        operator.count(World.TENANT, RequestFilter.ALL));
    assertEquals(
        new RequestCounts(Map.of(), Map.of(), List.of()),
        operator.count("other", RequestFilter.ALL));
  }

  @Test
  void aTenantIsShownItsOwnRequestsOnly() {
    operator.configure(
        "other",
        new ConfigurationUpdate(true, List.of(World.worker("O", "a", null)), List.of(), List.of()));
    world.submit(world.request("1", "a"), World.of("other", world.request("1", "a")));
    world.beat("O");
    assertEquals(1, all(PageRequest.first(10)).totalElements());
    assertEquals(RequestStatus.NO_WORKER_AVAILABLE, shown("1").status());
    assertEquals(
        RequestStatus.DISPATCHED, operator.find("other", "1").orElseThrow().request().status());
    assertEquals(
        Map.of(RequestStatus.DISPATCHED, 1L),
        operator.count("other", RequestFilter.ALL).byStatus());
  }

  @Test
  void workerTypesAreShownWithTheirInstances() {
    world.beat("A", "B");
    world.pass(Duration.ofSeconds(30));
    world.beat("B");
    world.pass(Duration.ofSeconds(30));
    assertEquals(
        List.of("A false", "B true"),
        operator.workerTypes().stream()
            .map(type -> type.workerType() + " " + type.isAlive())
            .toList());
  }

  @Test
  void anAnswerNamesTheWorkerThatGaveItNotTheOneThatWasWaitedFor() {
    world.beat("A");
    world.submit(world.request("1", "a"));
    world.replies(world.reply("1", ReplyStatus.ERROR, null));
    world.configure(List.of(World.worker("N", "a", null)));
    operator.retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals("N", world.responses.get(2).workerType());
    world.replies(world.reply("1", ReplyStatus.SUCCESS, "x"));
    assertEquals(List.of("GRANTED 1", ">A 1", "ERROR 1", "DELAYED 1", "SUCCESS 1"), world.told());
    assertEquals(List.of("Worker 'A' succeeded.", "said"), world.responses.get(3).messages());
    assertEquals("A", world.responses.get(3).workerType());
  }
}
