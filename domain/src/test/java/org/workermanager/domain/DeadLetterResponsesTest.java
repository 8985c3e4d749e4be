package org.workermanager.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.workermanager.domain.operation.OperationListener;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.search.RequestFilter;

/** For requesters that cannot take the responses to dead letters (PROTOCOL section 6). */
class DeadLetterResponsesTest {

  private final World world =
      new World(Settings.ofInstance("instance").withoutDeadLetterResponses());

  private void dispatched(String... ids) {
    world.beat("A");
    for (String id : ids) {
      world.submit(world.request(id, "a"));
    }
    world.told();
  }

  @Test
  void aDeadLetterIsKeptButNotTold() {
    dispatched("1");
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    assertEquals(List.of(), world.told());
    assertEquals(RequestStatus.ERROR, world.status("1"));
    assertEquals(List.of("stack trace"), world.held("1").state().messages());
    assertEquals(List.of(), world.requests.openBatches());
  }

  @Test
  void aWorkersErrorIsToldAlsoAfterOneAndBesideOne() {
    dispatched("1", "2");
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    world.replies(
        world.reply("1", ReplyStatus.ERROR, null),
        world.reply("2", ReplyStatus.INVALID_CONTENT, null));
    assertEquals(List.of("ERROR 1", "INVALID_CONTENT 2"), world.told());
    world.manager.deadLetters(List.of(world.deadLetter("2", null)));
    assertEquals(List.of(), world.told());
    world.replies(world.reply("2", ReplyStatus.SUCCESS, "x"));
    assertEquals(List.of("SUCCESS 2"), world.told());
  }

  @Test
  void afterARetryItIsToldOfAgain() {
    dispatched("1");
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    world.manager.operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(List.of("GRANTED 1", ">A 1"), world.told());
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    assertEquals(List.of(), world.told());
    world.pass(Duration.ofMinutes(2));
    world.manager.operator().retry(World.TENANT, RequestFilter.ALL, OperationListener.NONE);
    assertEquals(List.of("DELAYED 1"), world.told());
  }

  @Test
  void whatIsNotKeptIsGoneWithoutAWord() {
    world.configure(List.of(new WorkerConfiguration("A", List.of("a"), null, false)));
    dispatched("1");
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    assertEquals(List.of(), world.told());
    assertNull(world.status("1"));
  }

  @Test
  void whatIsInterruptedIsFinishedWithoutAWordToo() {
    dispatched("1", "2");
    world.replies(world.reply("2", ReplyStatus.RUNNING, null));
    world.publicationsLeft = 0;
    assertThrows(
        BrokerUnavailableException.class,
        () -> world.replies(world.reply("2", ReplyStatus.ERROR, null)));
    world.publicationsLeft = 100;
    world.manager.deadLetters(List.of(world.deadLetter("1", null)));
    assertEquals(List.of("ERROR 2"), world.told());
  }

  @Test
  void usuallyItIsTold() {
    World usual = new World();
    usual.beat("A");
    usual.submit(usual.request("1", "a"));
    usual.told();
    usual.manager.deadLetters(List.of(usual.deadLetter("1", null)));
    assertEquals(List.of("ERROR 1"), usual.told());
  }
}
